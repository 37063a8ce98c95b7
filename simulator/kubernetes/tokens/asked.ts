/** The way that a token request took. */
export type TokenPath = 'federated' | 'sidecar' | 'nmi' | 'imds';

/** How somebody names the identity whose token it wants. */
export interface Request {
  readonly by: 'clientId' | 'nothing' | 'resourceId';
  readonly clientId: string;
  readonly resourceId: string;
}

/** What came of a token request. */
export interface Asked {
  readonly path: TokenPath;
  /** Client id that the token is for. */
  readonly clientId?: string;
  readonly error?: string;
  /** What NMI writes of it. */
  readonly nmi?: NmiRecord;
}

export interface NmiRecord {
  /** `namespace/name` of the pod of NMI. */
  readonly nmi: string;
  readonly status: number;
  /** The line of a match; a match by resource id has none. */
  readonly match?: string;
}

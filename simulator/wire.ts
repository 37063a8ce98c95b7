import type { ArmResponse } from './provider';

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** By lower-cased name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface RawAnswer extends ArmResponse {
  /** The connection breaks instead of the answer being sent. */
  readonly reset?: boolean;
}

/** A Kubernetes object, or any other JSON of an API server, as it is on the wire. */
export type KubeObject = Readonly<Record<string, unknown>>;

/** A request to one API server. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query, such as `/api/v1/pods?limit=500`. */
  readonly path: string;
  readonly body?: unknown;
  /** `application/json` when absent; of a patch the kind of patch. */
  readonly contentType?: string;
}

export interface KubeAnswer {
  readonly status: number;
  readonly text: string;
}

/** Whose rights a cluster sees, and on which way requests come to it. */
export interface KubeAccess {
  /**
   * `localAccount`: the cluster does not know Entra, and Steward uses the account of the kubeconfig that every cluster
   * user gets. It may do everything: what Steward may do there is not limited by any role.
   */
  readonly identity: 'steward' | 'localAccount';
  readonly way: 'direct' | 'runCommand';
}

/**
 * Carries one request to the API server, whatever its answer.
 *
 * @throws AnswerTooLarge for an answer beyond what the way carries.
 * @throws TransientError when there is no answer.
 * @throws FailureError when there can be none.
 */
export interface KubeTransport {
  readonly access: KubeAccess;
  send(request: KubeRequest): Promise<KubeAnswer>;
}

/** Whoever asked may ask for less. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

export const contentTypes = {
  json: 'application/json',
  apply: 'application/apply-patch+yaml', // JSON is YAML
  jsonPatch: 'application/json-patch+json',
  mergePatch: 'application/merge-patch+json',
} as const;

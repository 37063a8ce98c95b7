import type { Json, JsonObject } from '../json';

/** A request to an API server, from somebody it knows. */
export interface KubeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly user: string;
}

export interface KubeAnswer {
  readonly status: number;
  readonly body?: Json;
  readonly text?: string;
  readonly contentType?: string;
  /** Answers for as long as it is wanted; `send` writes one event. The result ends it. */
  readonly watch?: (send: (event: WatchEvent) => void) => () => void;
}

export interface WatchEvent extends JsonObject {
  readonly type: string;
  readonly object: Json;
}

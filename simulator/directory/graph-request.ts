import type { Json } from '../json';

/** One request to Graph, be it alone or a part of a batch. */
export interface GraphRequest {
  readonly method: string;
  /** As it came, without version and query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Object id of the caller. */
  readonly principal: string;
}

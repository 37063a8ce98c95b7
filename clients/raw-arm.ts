import {
  RestError,
  createDefaultHttpClient,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type { HttpClient, HttpMethods, Pipeline } from '@azure/core-rest-pipeline';

import { errorIn } from './arm-errors';

/** A request in ARM's own words: the SDK's models drop members they do not know. */
export interface ArmRequest {
  readonly method: HttpMethods;
  /** Path below the ARM endpoint, or the absolute URL of an operation, kept as it is. */
  readonly path: string;
  readonly apiVersion?: string;
  readonly body?: unknown;
  readonly ifMatch?: string | undefined;
  /** `*`: only where nothing is yet. */
  readonly ifNoneMatch?: '*';
}

export interface ArmResponse {
  readonly status: number;
  readonly body: unknown;
  header(name: string): string | undefined;
}

/** Sends a request; resolves for 2xx, rejects with a `RestError` that knows ARM's code otherwise. */
export type RawArm = (request: ArmRequest) => Promise<ArmResponse>;

/** Wire JSON through the pipeline of an SDK client: its token, its headers, its logging. */
export function rawArm(
  pipeline: Pipeline,
  options: { readonly endpoint: string; readonly httpClient: HttpClient | undefined },
): RawArm {
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  return async ({ method, path, apiVersion, body, ifMatch, ifNoneMatch }) => {
    const url = new URL(path, options.endpoint);
    if (apiVersion !== undefined) url.searchParams.set('api-version', apiVersion);
    const request = createPipelineRequest({ url: url.href, method });
    request.headers.set('accept', 'application/json');
    if (body !== undefined) {
      request.headers.set('content-type', 'application/json');
      request.body = JSON.stringify(body);
    }
    if (ifMatch !== undefined) request.headers.set('if-match', ifMatch);
    if (ifNoneMatch !== undefined) request.headers.set('if-none-match', ifNoneMatch);
    const response = await pipeline.sendRequest(httpClient, request);
    const parsed = parseJson(response.bodyAsText);
    if (response.status >= 400) {
      const { code, message } = errorIn(parsed);
      throw new RestError(message, { code, statusCode: response.status, request, response });
    }
    return {
      status: response.status,
      body: parsed,
      header: (name) => response.headers.get(name),
    };
  };
}

function parseJson(text: string | null | undefined): unknown {
  if (text === null || text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // a proxy's page, not ARM's answer: the status tells enough
  }
}

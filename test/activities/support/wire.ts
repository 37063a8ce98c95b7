import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';

import type { JsonObject } from '../../../simulator/json';

/** A request as a client sent it. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** The way from the clients to Azure: it writes down what passes, and things may happen on it. */
export class Wire implements HttpClient {
  readonly sent: Sent[] = [];
  readonly #onward: HttpClient;
  #waiting: { readonly method: string; readonly happen: () => Promise<unknown> } | undefined;

  constructor(onward: HttpClient) {
    this.#onward = onward;
  }

  beforeNext(method: string, happen: () => Promise<unknown>): void {
    this.#waiting = { method, happen };
  }

  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    this.sent.push(asSent(request));
    const waiting = this.#waiting;
    if (waiting?.method === request.method) {
      this.#waiting = undefined;
      await waiting.happen();
    }
    return this.#onward.sendRequest(request);
  }
}

function asSent({ method, url, headers, body }: PipelineRequest): Sent {
  const isForm = headers.get('content-type')?.includes('form') === true;
  const text = typeof body === 'string' && !isForm ? body : '{}';
  return { method, url, headers: headers.toJSON(), body: JSON.parse(text) as JsonObject };
}

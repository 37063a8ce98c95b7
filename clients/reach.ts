import type { TokenCredential } from '@azure/core-auth';
import { createDefaultHttpClient, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';

/** What came back when an address was asked for. */
export interface Reached {
  readonly status: number;
  /** By how much the clock over there is ahead of ours, in milliseconds; unknown when it does not say. */
  readonly aheadMs: number | undefined;
}

/**
 * Asks for an address once, by GET.
 *
 * @throws Error when nothing answers.
 */
export type Reach = (url: string, headers?: Readonly<Record<string, string>>) => Promise<Reached>;

const deadlineMs = 10_000;

export function reaching(httpClient: HttpClient = createDefaultHttpClient()): Reach {
  return async (url, headers = {}) => {
    const request = createPipelineRequest({
      url,
      method: 'GET',
      timeout: deadlineMs,
      allowInsecureConnection: url.startsWith('http:'),
    });
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    const before = Date.now();
    const { status, headers: answered } = await httpClient.sendRequest(request);
    const there = Date.parse(answered.get('date') ?? '');
    const here = (before + Date.now()) / 2;
    return { status, aheadMs: Number.isNaN(there) ? undefined : there - here };
  };
}

/** The same for Azure Storage, whose tokens have one audience in all clouds. */
export function reachingStorage(credential: TokenCredential): (url: string) => Promise<Reached> {
  const reach = reaching();
  return async (url) => {
    const token = await credential.getToken('https://storage.azure.com/.default');
    return reach(url, {
      authorization: `Bearer ${token?.token ?? ''}`,
      accept: 'application/json',
      'x-ms-version': '2023-11-03',
    });
  };
}

import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type { HttpClient, Pipeline } from '@azure/core-rest-pipeline';
import * as z from 'zod';

import { TransientError } from '../domain/outcome';
import { correlationPolicy } from './correlation';

/** Answer of Microsoft Graph to one request. */
export interface DirectoryAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Asks Microsoft Graph for several things at once; paths begin behind the version, at most 20 of them.
 *
 * @returns one answer for each path, in order, refusals included.
 * @throws TransientError when Graph cannot be asked, or asks for patience.
 */
export type Directory = (paths: readonly string[]) => Promise<readonly DirectoryAnswer[]>;

export interface DirectoryOptions {
  readonly credential: TokenCredential;
  readonly endpoint: string;
  readonly httpClient?: HttpClient;
}

const Batch = z.object({
  responses: z.array(
    z.object({ id: z.string(), status: z.number(), body: z.unknown().optional() }),
  ),
});

/** Microsoft Graph for readings, over its batch endpoint (Learn: "Combine multiple HTTP requests"). */
export function directory(options: DirectoryOptions): Directory {
  const pipeline = pipelineOf(options);
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  return async (paths) => {
    const requests = paths.map((url, index) => ({ id: String(index), method: 'GET', url }));
    const request = createPipelineRequest({
      url: `${options.endpoint}/v1.0/$batch`,
      method: 'POST',
      body: JSON.stringify({ requests }),
    });
    request.headers.set('content-type', 'application/json');
    request.headers.set('accept', 'application/json');
    const { status, bodyAsText } = await pipeline.sendRequest(httpClient, request);
    if (status === 429 || status >= 500) {
      throw new TransientError(`Microsoft Graph answers ${status}`);
    }
    // A refusal of the whole batch says nothing about what was asked for.
    if (status !== 200) return paths.map(() => ({ status: 403, body: undefined }));
    const { responses } = Batch.parse(JSON.parse(bodyAsText ?? '{}'));
    return paths.map((_path, index) => {
      const found = responses.find(({ id }) => id === String(index));
      if (!found || found.status === 429 || found.status >= 500) {
        throw new TransientError(`Microsoft Graph answers ${found?.status ?? 'nothing'}`);
      }
      return { status: found.status, body: found.body };
    });
  };
}

function pipelineOf({ credential, endpoint }: DirectoryOptions): Pipeline {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 }, // the retry policies of the orchestrations own the schedule
    userAgentOptions: { userAgentPrefix: 'aks-identity-steward/0.1' },
  });
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({ credential, scopes: `${endpoint}/.default` }),
  );
  pipeline.addPolicy(correlationPolicy);
  return pipeline;
}

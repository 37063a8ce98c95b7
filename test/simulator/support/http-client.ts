import type { TokenCredential } from '@azure/core-auth';
import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';

import type { Json } from '../../../simulator/json';
import { schemaViolations } from './answer-schemas';

/** Sends what is addressed to Azure to a simulator; the clients go on seeing Azure's addresses. */
export function httpClientTo(url: string): HttpClient {
  const http = createDefaultHttpClient();
  const simulator = new URL(url);
  return {
    async sendRequest(request) {
      const addressed = request.url;
      const target = new URL(addressed);
      target.protocol = simulator.protocol;
      target.host = simulator.host;
      request.url = target.href;
      request.allowInsecureConnection = true;
      try {
        const response = await http.sendRequest(request);
        checkShape(target.pathname, response);
        return response;
      } finally {
        request.url = addressed;
      }
    },
  };
}

/** Every answer to a published SDK follows the published schema of its operation. */
function checkShape(path: string, { status, bodyAsText }: PipelineResponse): void {
  if (status >= 300 || !bodyAsText) return;
  const broken = schemaViolations(decodeURIComponent(path), JSON.parse(bodyAsText) as Json);
  if (broken.length > 0) throw new Error(`${path} breaks its schema: ${broken.join('; ')}`);
}

export const anyone: TokenCredential = {
  getToken: () => Promise.resolve({ token: 'test', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

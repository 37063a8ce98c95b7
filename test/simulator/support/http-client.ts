import type { TokenCredential } from '@azure/core-auth';
import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';

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
        return await http.sendRequest(request);
      } finally {
        request.url = addressed;
      }
    },
  };
}

export const anyone: TokenCredential = {
  getToken: () => Promise.resolve({ token: 'test', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

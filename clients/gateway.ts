import type { HttpClient } from '@azure/core-rest-pipeline';

/**
 * Sends requests to another origin than the one they are addressed to: a gateway in front of Azure
 * Resource Manager, such as a forwarding proxy or a simulated Azure. The clients go on seeing the
 * public address, since they follow links and poll operations by it.
 *
 * @param origin of the gateway, `http://127.0.0.1:7072`.
 */
export function viaGateway(origin: string): HttpClient {
  let http: Promise<HttpClient> | undefined;
  const gateway = new URL(origin);
  return {
    async sendRequest(request) {
      const { url } = request;
      const through = new URL(url);
      through.protocol = gateway.protocol;
      through.host = gateway.host;
      request.url = through.href;
      request.allowInsecureConnection = gateway.protocol === 'http:';
      try {
        return await (await (http ??= defaultHttpClient())).sendRequest(request);
      } finally {
        request.url = url;
      }
    },
  };
}

/** Loaded with the first request, not when the app starts. */
async function defaultHttpClient(): Promise<HttpClient> {
  const { createDefaultHttpClient } = await import('./default-http-client');
  return createDefaultHttpClient();
}

import { createDefaultHttpClient, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import * as z from 'zod';

/** What Entra reads to check the tokens of a cluster. */
export interface IssuerDocuments {
  /** Issuer that the discovery document names. */
  readonly issuer: string;
  readonly keys: number;
}

/**
 * Reads the public documents of an OIDC issuer.
 *
 * @returns undefined when they are not there (yet).
 */
export type ReadIssuer = (issuer: string) => Promise<IssuerDocuments | undefined>;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const KeySet = z.object({ keys: z.array(z.unknown()) });
const deadlineMs = 20_000;

export function issuerReader(httpClient: HttpClient = createDefaultHttpClient()): ReadIssuer {
  const read = async (url: string): Promise<unknown> => {
    try {
      const request = createPipelineRequest({ url, method: 'GET', timeout: deadlineMs });
      const { status, bodyAsText } = await httpClient.sendRequest(request);
      return status === 200 ? (JSON.parse(bodyAsText ?? '') as unknown) : undefined;
    } catch {
      return undefined; // not there, or not JSON: the caller asks again
    }
  };
  return async (url) => {
    const base = url.endsWith('/') ? url : `${url}/`;
    const discovery = Discovery.safeParse(await read(`${base}.well-known/openid-configuration`));
    if (!discovery.success) return undefined;
    const keySet = KeySet.safeParse(await read(discovery.data.jwks_uri));
    if (!keySet.success) return undefined;
    return { issuer: discovery.data.issuer, keys: keySet.data.keys.length };
  };
}

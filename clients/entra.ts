import {
  createDefaultHttpClient,
  createPipelineRequest,
  isRestError,
} from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import * as z from 'zod';

import { FailureError, TransientError } from '../domain/outcome';
import { oneLine } from './arm-errors';

/** A token of a service account on offer for one of an identity. */
export interface Exchange {
  readonly tenantId: string;
  /** Of the managed identity or application. */
  readonly clientId: string;
  readonly assertion: string;
}

/**
 * What to do about a refusal:
 * - `retry`: no federated credential matches, or none does yet. After ten minutes: compare issuer and subject.
 * - `audience`: the credential that matches is for another audience.
 * - `clientId`: the tenant does not know the client id.
 * - `newAssertion`: the service account's token has expired.
 * - `reconcileCluster`: Entra cannot read the issuer's documents; a PUT of the cluster publishes them anew.
 * - `person`: Conditional Access for workload identities, or anything that is not known.
 */
export type ExchangeRemedy =
  'retry' | 'audience' | 'clientId' | 'newAssertion' | 'reconcileCluster' | 'person';

/** Whom the token was for. The token itself is dropped where it arrives. */
export interface IssuedFor {
  readonly appid: string;
  readonly oid: string;
  readonly tid: string;
}

export type ExchangeResult =
  | ({ readonly issued: true } & IssuedFor)
  | {
      readonly issued: false;
      /** Entra's code without `AADSTS`; 0 for none. */
      readonly code: number;
      readonly remedy: ExchangeRemedy;
      /** Entra's words; no token is among them. */
      readonly message: string;
    };

/**
 * Offers a service account's token to Entra, as a pod's SDK does.
 *
 * @returns whom the token was issued for, or why it was not. Neither of the two tokens is returned, logged or kept.
 * @throws TransientError when Entra does not answer, or is busy.
 */
export type ExchangeAssertion = (exchange: Exchange) => Promise<ExchangeResult>;

export interface EntraOptions {
  /** `https://login.microsoftonline.com`; another one in sovereign clouds. */
  readonly authority: string;
  /** ARM's endpoint in the cloud. The token is for ARM, whose audience exists in every tenant; it needs no role. */
  readonly armEndpoint: string;
  readonly httpClient?: HttpClient | undefined;
}

const deadlineMs = 30_000;

/** Source: "Microsoft identity platform and the OAuth 2.0 client credentials flow", with a federated credential. */
export function exchangeAssertions({
  authority,
  armEndpoint,
  httpClient = createDefaultHttpClient(),
}: EntraOptions): ExchangeAssertion {
  return async ({ tenantId, clientId, assertion }) => {
    const request = createPipelineRequest({
      url: `${authority}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
      method: 'POST',
      timeout: deadlineMs,
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        scope: `${armEndpoint}/.default`,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }).toString(),
    });
    request.headers.set('content-type', 'application/x-www-form-urlencoded');
    request.headers.set('accept', 'application/json');
    // Nothing between here and the wire: a pipeline's logging would have the request in its hands.
    return resultOf(await answered(() => httpClient.sendRequest(request)));
  };
}

async function answered(send: () => Promise<PipelineResponse>): Promise<PipelineResponse> {
  try {
    return await send();
  } catch (error) {
    const isAborted = error instanceof Error && error.name === 'AbortError';
    if (!isRestError(error) && !isAborted) throw error;
    const code = isRestError(error) ? error.code : 'timeout';
    // The error of the HTTP client holds the request, and so the assertion: it goes no further.
    throw new TransientError(`Entra does not answer: ${code ?? 'no reason'}`);
  }
}

const Issued = z.object({ access_token: z.string() });
const Refused = z.object({
  error: z.string().default(''),
  error_description: z.string().default(''),
  error_codes: z.array(z.number()).default([]),
});
const Claims = z.object({
  appid: z.string().optional(),
  azp: z.string().optional(),
  oid: z.string(),
  tid: z.string(),
});

function resultOf({ status, bodyAsText }: PipelineResponse): ExchangeResult {
  const body = parsed(bodyAsText ?? '');
  if (status === 200)
    return { issued: true, ...claimsOf(Issued.safeParse(body).data?.access_token) };
  const refused = Refused.safeParse(body).data ?? {
    error: '',
    error_description: '',
    error_codes: [],
  };
  const code = codeOf(refused);
  const isBusy = status === 429 || status >= 500 || refused.error === 'temporarily_unavailable';
  if (isBusy) throw new TransientError(`Entra answers ${status} ${code}`);
  return {
    issued: false,
    code,
    remedy: remedies[code] ?? 'person',
    message: oneLine(refused.error_description) || `Entra answers ${status}.`,
  };
}

/** Source: "Microsoft Entra authentication and authorization error codes"; azure-workload-identity, "Troubleshooting". */
const remedies: Readonly<Record<number, ExchangeRemedy>> = {
  70021: 'retry',
  700211: 'retry',
  700213: 'retry',
  7002138: 'retry',
  700212: 'audience',
  700016: 'clientId',
  700024: 'newAssertion',
  90061: 'reconcileCluster',
  53003: 'person',
  50005: 'person',
};

function codeOf(refused: z.infer<typeof Refused>): number {
  const [, inText] = /\bAADSTS(\d+)/.exec(refused.error_description) ?? [];
  return refused.error_codes[0] ?? Number(inText ?? 0);
}

function claimsOf(token = ''): IssuedFor {
  const [, claims = ''] = token.split('.');
  const read = Claims.safeParse(parsed(Buffer.from(claims, 'base64url').toString()));
  if (!read.success) {
    throw new FailureError({
      code: 'NotVerified',
      message: 'Entra issued a token that does not say for whom it is.',
      next: 'Try the exchange from a pod: Steward cannot tell whether it proves anything.',
    });
  }
  const { appid, azp, oid, tid } = read.data;
  return { appid: appid ?? azp ?? '', oid, tid };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

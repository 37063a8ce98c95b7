import type { ArmResponse } from '../provider';
import type { World } from '../world';

type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type';

/** Each code with its OAuth error and text. Source: "Microsoft Entra authentication and authorization error codes". */
const catalogue: Readonly<Record<number, readonly [OAuthError, string]>> = {
  50027: ['invalid_request', 'JWT token is invalid or malformed.'],
  70003: ['unsupported_grant_type', 'The app requested an unsupported grant type.'],
  70011: ['invalid_scope', 'The provided request must include a scope that ends with /.default.'],
  70021: ['invalid_client', 'No matching federated identity record found for presented assertion.'],
  90002: [
    'invalid_request',
    'Tenant not found. Check to make sure you have the correct tenant ID.',
  ],
  90061: ['invalid_request', 'Request to External OIDC endpoint failed.'],
  700016: ['unauthorized_client', 'Application was not found in the directory.'],
  700024: ['invalid_client', 'Client assertion is not within its valid time range.'],
  700027: ['invalid_client', 'Client assertion failed signature validation.'],
  700211: [
    'invalid_client',
    'No matching federated identity record found for presented assertion issuer.',
  ],
  700212: [
    'invalid_client',
    'No matching federated identity record found for presented assertion audience.',
  ],
  700213: [
    'invalid_client',
    'No matching federated identity record found for presented assertion subject.',
  ],
  900144: ['invalid_request', 'The request body must contain a parameter that is missing.'],
  7000215: ['invalid_client', 'Invalid client secret provided.'],
};

/** What Entra says for a code, without the parts that are new each time. */
export function errorText(code: number, about: string): string {
  const [, text = 'The request is invalid.'] = catalogue[code] ?? [];
  return `AADSTS${code}: ${text} ${about}`;
}

/** Entra's answer for a code, such as 700213: the code, its text and what it is about. */
export function entraError(world: World, code: number, about: string): ArmResponse {
  const [error = 'invalid_request'] = catalogue[code] ?? [];
  const time = world.clock.now();
  const timestamp = new Date(time).toISOString().replace('T', ' ').replace(/\.\d+/, '');
  const trace = world.seed.guid('trace', time, code, about);
  const correlation = world.seed.guid('correlation', time, code, about);
  return {
    status: error === 'invalid_client' ? 401 : 400,
    body: {
      error,
      error_description: `${errorText(code, about)} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  };
}

import type { JsonObject } from '../json';
import type { ArmResponse } from '../provider';
import type { RawRequest } from '../wire';
import { discoveryDocument, issuerAtPath } from './issuers';
import { identityToken } from './managed-identity';
import type { EntraParts } from './parts';
import { tokenAnswer } from './token-endpoint';

const login = 'https://login.microsoftonline.com';

/** Microsoft Entra ID and the OIDC issuers of clusters; undefined for what is none of theirs. */
export function entraAnswer(request: RawRequest, parts: EntraParts): ArmResponse | undefined {
  const path = request.url.split('?')[0] ?? '';
  if (path === '/_identity/token') return identityToken(request, parts);
  if (path === '/common/discovery/instance') return instances;
  const token = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(path)?.[1];
  if (token !== undefined) {
    return request.method === 'POST'
      ? tokenAnswer(token, new URLSearchParams(request.body), parts)
      : { status: 405 };
  }
  return request.method === 'GET' ? published(path, parts) : undefined;
}

/** What issuers publish about themselves. */
function published(path: string, parts: EntraParts): ArmResponse | undefined {
  const found = ofTenant(path, parts) ?? ofCluster(path, parts);
  return found && { status: 200, body: found };
}

function ofTenant(path: string, { world, key }: EntraParts): JsonObject | undefined {
  const [, tenant = '', document = ''] =
    /^\/([^/]+)\/(v2\.0\/\.well-known\/openid-configuration|discovery\/v2\.0\/keys)$/.exec(path) ??
    [];
  if (tenant.toLowerCase() !== world.tenantId.toLowerCase()) return undefined;
  return document.startsWith('discovery') ? key.jwks : tenantDocument(tenant);
}

function ofCluster(path: string, { world, key }: EntraParts): JsonObject | undefined {
  const [, below = '', document = ''] =
    /^(\/[^/]+\/[^/]+)\/(\.well-known\/openid-configuration|openid\/v1\/jwks)$/.exec(path) ?? [];
  const issuer = below === '' ? undefined : issuerAtPath(below, world);
  if (issuer === undefined) return undefined;
  if (document.endsWith('jwks')) return key.jwks;
  const jwks = `${issuer.replace(/\/$/, '')}/openid/v1/jwks`;
  return discoveryDocument(issuer, { jwks_uri: jwks });
}

function tenantDocument(tenant: string): JsonObject {
  return discoveryDocument(`${login}/${tenant}/v2.0`, {
    authorization_endpoint: `${login}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${login}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${login}/${tenant}/discovery/v2.0/keys`,
  });
}

const instances: ArmResponse = {
  status: 200,
  body: {
    tenant_discovery_endpoint: `${login}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      {
        preferred_network: 'login.microsoftonline.com',
        preferred_cache: 'login.windows.net',
        aliases: ['login.microsoftonline.com', 'login.windows.net', 'sts.windows.net'],
      },
    ],
  },
};

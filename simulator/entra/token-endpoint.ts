import { textAt } from '../json';
import type { ArmResponse } from '../provider';
import type { Resource } from '../resource-store';
import { accessToken, lifetimeSeconds } from './access-token';
import type { Caller } from './access-token';
import type { EntraParts } from './parts';
import { entraError } from './entra-error';
import { rejection } from './federated';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * `POST /{tenant}/oauth2/v2.0/token` with client credentials: the secret of an application, or an assertion of a cluster
 * that a federated credential of the identity trusts. Source: "The OAuth 2.0 client credentials grant flow".
 */
export function tokenAnswer(tenant: string, form: URLSearchParams, parts: EntraParts): ArmResponse {
  const { world } = parts;
  const refuse = (code: number, about: string): ArmResponse => entraError(world, code, about);
  if (tenant.toLowerCase() !== world.tenantId.toLowerCase()) {
    return refuse(90002, `Tenant: '${tenant}'.`);
  }
  const missing = ['grant_type', 'client_id', 'scope'].find((name) => !form.get(name));
  if (missing !== undefined) return refuse(900144, `Parameter: '${missing}'.`);
  if (form.get('grant_type') !== 'client_credentials') {
    return refuse(70003, `Grant type: '${form.get('grant_type') ?? ''}'.`);
  }
  const scope = form.get('scope') ?? '';
  if (!scope.endsWith('/.default')) return refuse(70011, `Scope: '${scope}'.`);
  const caller = authenticate(form, parts);
  if ('status' in caller) return caller;
  const { token } = accessToken(caller, scope.slice(0, -'/.default'.length), parts);
  return {
    status: 200,
    headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
    body: {
      token_type: 'Bearer',
      expires_in: lifetimeSeconds - 1,
      ext_expires_in: lifetimeSeconds - 1,
      access_token: token,
    },
  };
}

function authenticate(form: URLSearchParams, parts: EntraParts): Caller | ArmResponse {
  const { world } = parts;
  const clientId = form.get('client_id') ?? '';
  const client = clientNamed(clientId, parts);
  const about = `Application with identifier '${clientId}', directory '${world.tenantId}'.`;
  if (client === undefined) return entraError(world, 700016, about);
  const caller = {
    appid: clientId,
    oid: textAt(client, 'properties', 'principalId') ?? '',
  };
  const assertion = form.get('client_assertion');
  if (assertion === null) {
    const secret = textAt(client.$truth, 'secret');
    const given = form.get('client_secret');
    if (given === null) {
      return entraError(world, 900144, "Parameter: 'client_assertion' or 'client_secret'.");
    }
    return secret !== undefined && secret === given ? caller : entraError(world, 7000215, about);
  }
  if (form.get('client_assertion_type') !== assertionType) {
    return entraError(world, 900144, `Parameter: 'client_assertion_type', ${assertionType}.`);
  }
  const rejected = rejection(assertion, client, parts);
  return rejected ? entraError(world, rejected.code, rejected.about) : caller;
}

/** The managed identity or application with this client id. */
function clientNamed(clientId: string, { world }: EntraParts): Resource | undefined {
  return ['Microsoft.ManagedIdentity/userAssignedIdentities', 'Microsoft.Graph/applications']
    .flatMap((type) => world.resources.ofType(type))
    .find(
      (found) => textAt(found, 'properties', 'clientId')?.toLowerCase() === clientId.toLowerCase(),
    );
}

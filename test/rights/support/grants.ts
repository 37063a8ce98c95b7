import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TokenCredential } from '@azure/core-auth';

import { stewardPrincipal } from '../../../cli/local-runtime';
import type { JsonObject } from '../../../simulator/json';

export interface Part {
  readonly actions: readonly string[];
  readonly condition?: string;
}

/** The roles as a deployment reads them. */
export const parts = (
  JSON.parse(readFileSync(join(__dirname, '../../../infra/fleet/permissions.json'), 'utf8')) as {
    readonly capabilities: Readonly<Record<string, Part>>;
  }
).capabilities;

/** Steward's own identity, as a managed identity. */
export const steward = stewardPrincipal;

/** Asks a simulated Azure for the tokens of Steward's identity, as an app in Azure does. */
export function managedIdentityAt(url: string): TokenCredential {
  return {
    getToken: async (scopes) => {
      const resource = encodeURIComponent(String(scopes).replace(/\/\.default$/, ''));
      const query = `resource=${resource}&api-version=2019-08-01`;
      const answer = await fetch(`${url}/_identity/token?${query}`, {
        headers: { 'x-identity-header': steward },
      });
      const { access_token: token, expires_on: ends } = (await answer.json()) as {
        readonly access_token: string;
        readonly expires_on: string;
      };
      return { token, expiresOnTimestamp: Number(ends) * 1000 };
    },
  };
}

/**
 * The roles of a deployment on a subscription, and their assignments to Steward with the conditions they come with.
 *
 * @param removed action that none of them has.
 */
export function grants(
  subscription: string,
  names: readonly string[] = Object.keys(parts),
  removed = '',
): readonly JsonObject[] {
  const authorization = `${subscription}/providers/Microsoft.Authorization`;
  return names.flatMap((name, n) => {
    const { actions = [], condition = '' } = parts[name] ?? {};
    const id = `aaaaaaaa-aaaa-4aaa-8aaa-${String(n).padStart(12, '0')}`;
    const definition = `${authorization}/roleDefinitions/${id}`;
    const kept = actions.filter((action) => action !== removed);
    return [
      {
        ...{ id: definition, name: id, type: 'Microsoft.Authorization/roleDefinitions' },
        properties: { roleName: name, permissions: [{ actions: kept }], assignableScopes: ['/'] },
      },
      {
        ...{ id: `${authorization}/roleAssignments/${id}`, name: id },
        type: 'Microsoft.Authorization/roleAssignments',
        properties: {
          ...{ principalId: steward, principalType: 'ServicePrincipal' },
          ...{ roleDefinitionId: definition, scope: subscription },
          ...(condition !== '' && { condition, conditionVersion: '2.0' }),
        },
      },
    ];
  });
}

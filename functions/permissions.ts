import type { HttpRequest } from '@azure/functions';

import { checkCapabilities } from '../domain/permissions';
import { groupOf } from '../domain/roles/matrix-row';
import type { Reply } from './http';
import type { Services } from './services';

// Each scope costs a call: a fleet in more groups than this is granted its rights further up.
const mostGroups = 100;

/**
 * `GET /api/v1/permissions`: what Steward's own identity may do, by capability, with the actions that it
 * lacks at each subscription and at the resource groups of the clusters that are known.
 */
export async function getPermissions(_request: HttpRequest, services: Services): Promise<Reply> {
  const { records, subscriptions, ownPermissions, capabilityNeeds } = services;
  const { items } = await records.list('cluster', { limit: 200 });
  const groups = [...new Set(items.map(({ armId }) => groupOf(armId)))].slice(0, mostGroups);
  const scopes = [...subscriptions.map((id) => `/subscriptions/${id}`), ...groups];
  const granted = await ownPermissions(scopes);
  return { jsonBody: { capabilities: checkCapabilities(capabilityNeeds, granted) } };
}

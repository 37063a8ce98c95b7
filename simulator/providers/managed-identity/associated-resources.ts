import { objectAt, textAt } from '../../json';
import { notFound } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { Resource } from '../../resource-store';
import type { World } from '../../world';

/** Resources that carry an identity, in the form of the preview that offered it. */
export function associatedResources({ id }: ArmRequest, { resources }: World): ArmResponse {
  const identity = id.slice(0, id.lastIndexOf('/'));
  if (!resources.get(identity)) return notFound(identity);
  const value = [...resources.tracked()].filter((one) => carries(one, identity)).map(asEntry);
  return { status: 200, body: { totalCount: value.length, value } };
}

function carries(resource: Resource, identity: string): boolean {
  return Object.keys(objectAt(resource, 'identity', 'userAssignedIdentities')).some(
    (one) => one.toLowerCase() === identity.toLowerCase(),
  );
}

function asEntry(resource: Resource) {
  const [, , subscriptionId, , resourceGroup] = resource.id.split('/');
  const type = textAt(resource, 'type')?.toLowerCase();
  const place = { resourceGroup, subscriptionId, subscriptionDisplayName: subscriptionId };
  return { id: resource.id, name: resource['name'], type, ...place };
}

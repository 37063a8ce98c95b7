import { isObject, objectAt, textAt } from '../../json';
import { listAnswer, pageAnswer } from '../../paging';
import { armError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import { mayRead } from '../../rights/authorize';
import type { World } from '../../world';

const groupType = 'Microsoft.Resources/resourceGroups';

export function listSubscriptions(request: ArmRequest, world: World): ArmResponse {
  const all = world.resources.ofType('Microsoft.Resources/subscriptions');
  const seen = all.filter(({ id }) => mayRead(world, request.principal, id));
  return listAnswer(request, seen, world);
}

export function listTenants(request: ArmRequest, world: World): ArmResponse {
  const { tenantId } = world;
  return pageAnswer(
    request,
    [{ id: `/tenants/${tenantId}`, tenantId, displayName: 'Contoso' }],
    world,
  );
}

export function listLocations(request: ArmRequest, world: World): ArmResponse {
  const subscription = param(request, 'subscription');
  const names = new Set(
    world.resources.ofType(groupType, subscription).map((group) => textAt(group, 'location') ?? ''),
  );
  const locations = [...names].map((name) => ({
    id: `/subscriptions/${subscription}/locations/${name}`,
    name,
    displayName: name,
    type: 'Region',
  }));
  return pageAnswer(request, locations, world);
}

export function listGroups(request: ArmRequest, world: World): ArmResponse {
  return listAnswer(
    request,
    world.resources.ofType(groupType, param(request, 'subscription')),
    world,
  );
}

export function getContainer({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  if (found) return { status: 200, body: visible(found) };
  return armError(
    404,
    'ResourceGroupNotFound',
    `Resource group '${id.slice(id.lastIndexOf('/') + 1)}' could not be found.`,
  );
}

export function putGroup(request: ArmRequest, { resources }: World): ArmResponse {
  const { body } = request;
  const existing = resources.get(`${groupsOf(request)}/${param(request, 'group')}`);
  const location = textAt(body, 'location') ?? textAt(existing, 'location');
  if (!isObject(body) || location === undefined) {
    return armError(
      400,
      'LocationRequired',
      'The location property is required for this definition.',
    );
  }
  const saved = resources.put({
    ...existing,
    ...body,
    id: existing?.id ?? `${groupsOf(request)}/${param(request, 'group')}`,
    name: existing?.['name'] ?? param(request, 'group'),
    type: groupType,
    location,
    tags: objectAt(body, 'tags'),
    properties: { ...objectAt(body, 'properties'), provisioningState: 'Succeeded' },
  });
  return { status: existing ? 200 : 201, body: visible(saved) };
}

function groupsOf(request: ArmRequest): string {
  return `/subscriptions/${param(request, 'subscription')}/resourceGroups`;
}

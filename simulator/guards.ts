import { lineage, partsOf, sameId } from './arm-id';
import { at, objectAt, textAt } from './json';
import type { Json } from './json';
import { armError } from './provider';
import type { ArmResponse } from './provider';
import type { World } from './world';

export interface GuardedRequest {
  readonly method: string;
  readonly id: string;
  readonly namespace: string;
  readonly body?: Json | undefined;
}

type Guard = (request: GuardedRequest, world: World) => ArmResponse | undefined;

/** What Azure Resource Manager refuses by itself, before a resource provider sees the request. */
export function refusal(request: GuardedRequest, world: World): ArmResponse | undefined {
  const inOrder: readonly Guard[] = [
    unknownContainer,
    movedResource,
    disabledSubscription,
    missingRegistration,
    lockedScope,
    deniedByPolicy,
  ];
  for (const guard of inOrder) {
    const answer = guard(request, world);
    if (answer) return answer;
  }
  return undefined;
}

function unknownContainer({ method, id }: GuardedRequest, { resources }: World) {
  const { subscriptionId, resourceGroup, type } = partsOf(id);
  if (subscriptionId === undefined) return undefined;
  const subscription = `/subscriptions/${subscriptionId}`;
  if (!resources.get(subscription)) {
    return armError(
      404,
      'SubscriptionNotFound',
      `The subscription '${subscriptionId}' could not be found.`,
    );
  }
  if (resourceGroup === undefined) return undefined;
  const createsGroup = type === 'Microsoft.Resources/resourceGroups' && method === 'PUT';
  if (createsGroup || resources.get(`${subscription}/resourceGroups/${resourceGroup}`)) {
    return undefined;
  }
  return armError(
    404,
    'ResourceGroupNotFound',
    `Resource group '${resourceGroup}' could not be found.`,
  );
}

/** A resource stays in the region in which it was made. */
function movedResource({ method, id, body }: GuardedRequest, { resources }: World) {
  const present = textAt(resources.get(id), 'location');
  const wanted = textAt(body, 'location');
  if (method !== 'PUT' || present === undefined || wanted === undefined) return undefined;
  if (sameRegion(present, wanted)) return undefined;
  const { name, type, resourceGroup = '' } = partsOf(id);
  return type === 'Microsoft.Resources/resourceGroups'
    ? armError(
        409,
        'InvalidResourceGroupLocation',
        `Invalid resource group location '${wanted}'. The Resource group already exists in location '${present}'.`,
      )
    : armError(
        409,
        'InvalidResourceLocation',
        `The resource '${name}' already exists in location '${present}' in resource group '${resourceGroup}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
      );
}

/** Regions come as `westeurope` and as `West Europe`. */
function sameRegion(one: string, other: string): boolean {
  const plain = (region: string): string => region.replaceAll(' ', '').toLowerCase();
  return plain(one) === plain(other);
}

function disabledSubscription({ method, id }: GuardedRequest, { resources }: World) {
  const { subscriptionId } = partsOf(id);
  if (isRead(method) || subscriptionId === undefined) return undefined;
  const state = textAt(resources.get(`/subscriptions/${subscriptionId}`), 'state');
  if (state !== 'Disabled' && state !== 'Warned') return undefined;
  return armError(
    409,
    'ReadOnlyDisabledSubscription',
    `The subscription '${subscriptionId}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`,
  );
}

function missingRegistration({ method, id, namespace }: GuardedRequest, { resources }: World) {
  const { subscriptionId } = partsOf(id);
  if (method !== 'PUT' || subscriptionId === undefined) return undefined;
  const provider = resources.get(`/subscriptions/${subscriptionId}/providers/${namespace}`);
  const state = textAt(provider, 'registrationState');
  if (state !== 'NotRegistered' && state !== 'Unregistered') return undefined;
  return armError(
    409,
    'MissingSubscriptionRegistration',
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
  );
}

function lockedScope({ method, id }: GuardedRequest, world: World) {
  if (isRead(method)) return undefined;
  const lock = locksOver(world, id).find(
    (found) => method === 'DELETE' || at(found, 'properties', 'level') === 'ReadOnly',
  );
  if (lock === undefined || sameId(textAt(lock, 'id'), id)) return undefined;
  return scopeLocked(id, textAt(lock, 'id') ?? '');
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Locks on a resource and on everything above it. */
export function locksOver({ resources }: World, id: string): readonly Json[] {
  return lineage(id).flatMap((scope) =>
    resources.in(`${scope}/providers/Microsoft.Authorization/locks`),
  );
}

export function scopeLocked(id: string, lockId: string): ArmResponse {
  const scope = lockId.slice(0, Math.max(0, lockId.indexOf('/providers/Microsoft.Authorization')));
  return armError(
    409,
    'ScopeLocked',
    `The scope '${id}' cannot perform write operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
  );
}

function deniedByPolicy({ method, id }: GuardedRequest, { resources }: World) {
  if (method !== 'PUT' && method !== 'PATCH') return undefined;
  const type = partsOf(id).type.toLowerCase();
  const assignment = lineage(id)
    .flatMap((scope) =>
      resources.in(`${scope}/providers/Microsoft.Authorization/policyAssignments`),
    )
    .find((found) => denies(found.$truth, type));
  if (assignment === undefined) return undefined;
  const name = textAt(assignment, 'name') ?? '';
  const info = {
    policyAssignmentId: assignment.id,
    policyAssignmentName: name,
    policyDefinitionId: textAt(assignment, 'properties', 'policyDefinitionId') ?? '',
    policyDefinitionEffect: 'deny',
  };
  const message = `Resource '${partsOf(id).name}' was disallowed by policy. Policy identifiers: '${JSON.stringify([info])}'.`;
  const additionalInfo = [{ type: 'PolicyViolation', info }];
  return {
    status: 403,
    body: { error: { code: 'RequestDisallowedByPolicy', message, additionalInfo } },
  };
}

function denies(truth: Json | undefined, type: string): boolean {
  const types = objectAt(truth)['denies'];
  return (
    Array.isArray(types) &&
    types.some((denied: Json) => typeof denied === 'string' && denied.toLowerCase() === type)
  );
}

import resourceTypes from '../../data/resource-types.json';
import { textAt } from '../../json';
import type { JsonObject } from '../../json';
import { pageAnswer } from '../../paging';
import { armError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { Effect, World } from '../../world';
import { refreshFeatures } from '../features';

const known: Readonly<Record<string, readonly string[]>> = resourceTypes;
const apiVersions = ['2026-06-01', '2026-04-01', '2025-04-01', '2024-11-30', '2022-04-01'];

/** The registration of a resource provider in a subscription. */
export function getRegistration(request: ArmRequest, world: World): ArmResponse {
  const namespace = canonicalName(param(request, 'namespace'), request, world);
  if (namespace === undefined) return unknownNamespace(request);
  return { status: 200, body: registration(request, namespace, world) };
}

export function listRegistrations(request: ArmRequest, world: World): ArmResponse {
  const all = Object.keys(known).map((namespace) => registration(request, namespace, world));
  return pageAnswer(request, all, world);
}

export function listTenantProviders(request: ArmRequest, world: World): ArmResponse {
  return pageAnswer(request, Object.keys(known).map(offered), world);
}

export function getTenantProvider(request: ArmRequest, world: World): ArmResponse {
  const namespace = canonicalName(param(request, 'namespace'), request, world);
  return namespace === undefined
    ? unknownNamespace(request)
    : { status: 200, body: offered(namespace) };
}

export function listResourceTypes(request: ArmRequest, world: World): ArmResponse {
  const namespace = canonicalName(param(request, 'namespace'), request, world);
  return namespace === undefined
    ? unknownNamespace(request)
    : { status: 200, body: { value: resourceTypesOf(namespace) } };
}

/** A namespace as the tenant sees it: without a registration. */
function offered(namespace: string): JsonObject {
  return { namespace, resourceTypes: resourceTypesOf(namespace) };
}

function resourceTypesOf(namespace: string) {
  return (known[namespace] ?? []).map((resourceType) => ({
    resourceType,
    locations: [],
    apiVersions,
    capabilities: 'None',
  }));
}

/** Registering again is how a changed preview feature takes effect. */
export function register(request: ArmRequest, world: World): ArmResponse {
  return move(request, world, { state: 'Registering', then: 'Registered' });
}

export function unregister(request: ArmRequest, world: World): ArmResponse {
  return move(request, world, { state: 'Unregistering', then: 'Unregistered' });
}

export const settleRegistration: Effect = (details, world) => {
  const found = world.resources.get(textAt(details, 'id') ?? '');
  if (found === undefined) return;
  world.resources.put({ ...found, registrationState: details['to'] });
  const [, , subscription = '', , namespace = ''] = found.id.split('/');
  refreshFeatures(world, { subscription, namespace });
};

function move(
  request: ArmRequest,
  world: World,
  { state, then }: { state: string; then: string },
): ArmResponse {
  const namespace = canonicalName(param(request, 'namespace'), request, world);
  if (namespace === undefined) return unknownNamespace(request);
  const id = registrationId(request, namespace);
  const { providerMinutes } = world.behaviour;
  world.resources.put({ id, namespace, registrationState: state });
  world.later(world.clock.now() + providerMinutes * 60_000, 'settleRegistration', { id, to: then });
  const target = { state, features: featureStates(world, id, namespace) };
  return { status: 200, body: registration(request, namespace, world), target };
}

/** What the registration takes along: registering again after a flag has changed is another write. */
function featureStates({ resources }: World, id: string, namespace: string): JsonObject {
  const [, , subscription = ''] = id.split('/');
  const collection = `/subscriptions/${subscription}/providers/Microsoft.Features/providers/${namespace}/features`;
  const states = [...resources.in(collection)].map((feature): [string, string] => [
    feature.id.toLowerCase(),
    textAt(feature, 'properties', 'state') ?? '',
  ]);
  return Object.fromEntries(states);
}

function registration(request: ArmRequest, namespace: string, { resources }: World): JsonObject {
  const id = registrationId(request, namespace);
  return {
    id,
    namespace,
    registrationPolicy: 'RegistrationRequired',
    registrationState: textAt(resources.get(id), 'registrationState') ?? 'NotRegistered',
    resourceTypes: resourceTypesOf(namespace),
  };
}

function registrationId(request: ArmRequest, namespace: string): string {
  return `/subscriptions/${param(request, 'subscription')}/providers/${namespace}`;
}

function canonicalName(
  asked: string,
  request: ArmRequest,
  { resources }: World,
): string | undefined {
  const name = Object.keys(known).find((one) => one.toLowerCase() === asked.toLowerCase());
  return name ?? textAt(resources.get(registrationId(request, asked)), 'namespace');
}

function unknownNamespace(request: ArmRequest): ArmResponse {
  return armError(
    404,
    'InvalidResourceNamespace',
    `The resource namespace '${param(request, 'namespace')}' is invalid.`,
  );
}

import { at, objectAt, textAt, withAt } from '../json';
import type { JsonObject } from '../json';
import { listAnswer, pageAnswer } from '../paging';
import { operationsOf } from './operation-list';
import { armError, param } from '../provider';
import type { ArmRequest, ArmResponse, ResourceProvider } from '../provider';
import { visible } from '../resource-store';
import type { Resource } from '../resource-store';
import type { World } from '../world';

const features =
  '/subscriptions/{subscription}/providers/Microsoft.Features/providers/{provider}/features';
const allFeatures = '/subscriptions/{subscription}/providers/Microsoft.Features/features';
const registrationsOfAll =
  '/subscriptions/{subscription}/providers/Microsoft.Features/subscriptionFeatureRegistrations';
const registrationsOfProvider =
  '/subscriptions/{subscription}/providers/Microsoft.Features/featureProviders/{provider}/subscriptionFeatureRegistrations';
const registrations =
  '/subscriptions/{subscription}/providers/Microsoft.Features/featureProviders/{provider}/subscriptionFeatureRegistrations/{feature}';

/**
 * Microsoft.Features: preview features of a subscription. A feature is on offer where the world holds it. Once
 * registered it takes effect with the next registration of its provider.
 */
export const featuresProvider: ResourceProvider = {
  namespace: 'Microsoft.Features',
  routes: {
    [`GET ${allFeatures}`]: (request, world) => {
      const subscription = `/subscriptions/${param(request, 'subscription')}`;
      const all = world.resources.below(`${subscription}/providers/Microsoft.Features`);
      return listAnswer(request, world.behaviour.cloud.previews ? all : [], world);
    },
    [`GET ${registrationsOfAll}`]: listFeatureRegistrations,
    [`GET ${registrationsOfProvider}`]: listFeatureRegistrations,
    'GET /providers/Microsoft.Features/operations': operationsOf('Microsoft.Features'),
    [`GET ${features}`]: (request, world) => {
      const offered = world.behaviour.cloud.previews ? world.resources.in(request.id) : [];
      return listAnswer(request, offered, world);
    },
    [`GET ${features}/{feature}`]: onFeature((feature) => answer(feature)),
    [`POST ${features}/{feature}/register`]: onFeature(register),
    [`POST ${features}/{feature}/unregister`]: onFeature(unregister),
    [`GET ${registrations}`]: onFeature((feature) => asRegistration(feature)),
    [`PUT ${registrations}`]: onFeature((feature, world, { body }) =>
      asRegistration(registered(world.resources.put(withMembers(feature, body)), world)),
    ),
    [`DELETE ${registrations}`]: onFeature((feature, world) => {
      unregister(feature, world);
      return { status: 200 };
    }),
  },
  effects: {
    settleFeature: (details, world) => {
      const feature = world.resources.get(textAt(details, 'id') ?? '');
      if (feature === undefined || stateOf(feature) !== details['from']) return;
      world.resources.put(withState(feature, textAt(details, 'to') ?? ''));
    },
  },
};

/** Lets registered features of a namespace take effect, and unregistered ones lose it. */
export function refreshFeatures(
  world: World,
  { subscription, namespace }: { subscription: string; namespace: string },
): void {
  const collection = `/subscriptions/${subscription}/providers/Microsoft.Features/providers/${namespace}/features`;
  for (const feature of world.resources.in(collection)) {
    const effective = stateOf(feature) === 'Registered';
    if ((objectAt(feature.$truth)['effective'] === true) === effective) continue;
    world.resources.put(withAt(feature, ['$truth', 'effective'], effective));
  }
}

function onFeature(route: (feature: Resource, world: World, request: ArmRequest) => ArmResponse) {
  return (request: ArmRequest, world: World): ArmResponse => {
    const id = featureId(request);
    const feature = world.behaviour.cloud.previews ? world.resources.get(id) : undefined;
    if (feature) return route(feature, world, request);
    return armError(
      404,
      'FeatureNotFound',
      `The feature '${param(request, 'feature')}' could not be found.`,
    );
  };
}

function featureId(request: ArmRequest): string {
  const [subscription, provider, feature] = ['subscription', 'provider', 'feature'].map((name) =>
    param(request, name),
  );
  return `/subscriptions/${subscription ?? ''}/providers/Microsoft.Features/providers/${provider ?? ''}/features/${feature ?? ''}`;
}

function register(feature: Resource, world: World): ArmResponse {
  return answer(registered(feature, world));
}

function registered(feature: Resource, world: World): Resource {
  if (/^(registered|registering|pending)$/i.test(stateOf(feature))) return feature;
  if (at(feature.$truth, 'approval') === 'required') {
    return world.resources.put(withState(feature, 'Pending'));
  }
  return move(feature, { from: 'Registering', to: 'Registered' }, world);
}

function unregister(feature: Resource, world: World): ArmResponse {
  if (!/^(registered|registering|pending)$/i.test(stateOf(feature))) return answer(feature);
  return answer(move(feature, { from: 'Unregistering', to: 'Unregistered' }, world));
}

function move(
  feature: Resource,
  { from, to }: { from: string; to: string },
  world: World,
): Resource {
  const { featureMinutes } = world.behaviour;
  const due = world.clock.now() + featureMinutes * 60_000;
  world.later(due, 'settleFeature', { id: feature.id, from, to });
  return world.resources.put(withState(feature, from));
}

function stateOf(feature: Resource): string {
  return textAt(feature, 'properties', 'state') ?? 'NotRegistered';
}

function withState(feature: Resource, state: string): Resource {
  return withAt(feature, ['properties', 'state'], state);
}

function answer(feature: Resource): ArmResponse {
  return { status: 200, body: visible(feature) };
}

/** Features that somebody registered, of one provider or of all. */
function listFeatureRegistrations(request: ArmRequest, world: World): ArmResponse {
  const provider = param(request, 'provider').toLowerCase();
  const found = world.resources
    .below(`/subscriptions/${param(request, 'subscription')}/providers/Microsoft.Features`)
    .filter((feature) => stateOf(feature) !== 'NotRegistered')
    .filter(({ id }) => provider === '' || id.split('/')[6]?.toLowerCase() === provider);
  return pageAnswer(request, found.map(registrationOf), world);
}

function asRegistration(feature: Resource): ArmResponse {
  return { status: 200, body: registrationOf(feature) };
}

/** What a caller wrote into a registration has no place in the feature: it is kept apart. */
function withMembers(feature: Resource, body: ArmRequest['body']): Resource {
  return withAt(feature, ['$truth', 'registration'], objectAt(body));
}

function registrationOf(feature: Resource): JsonObject {
  const [provider = '', name = ''] = (textAt(feature, 'name') ?? '').split('/');
  const subscription = feature.id.split('/')[2] ?? '';
  const written = objectAt(feature.$truth, 'registration');
  return {
    ...written,
    id: `/subscriptions/${subscription}/providers/Microsoft.Features/featureProviders/${provider}/subscriptionFeatureRegistrations/${name}`,
    name,
    type: 'Microsoft.Features/featureProviders/subscriptionFeatureRegistrations',
    properties: {
      ...objectAt(written, 'properties'),
      subscriptionId: subscription,
      providerNamespace: provider,
      featureName: name,
      state: stateOf(feature),
      approvalType:
        at(feature.$truth, 'approval') === 'required' ? 'ApprovalRequired' : 'AutoApproval',
    },
  };
}

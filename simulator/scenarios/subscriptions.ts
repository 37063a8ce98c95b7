import resourceTypes from '../data/resource-types.json';
import type { Resource } from '../resource-store';
import type { FleetShape } from './fleet-shape';
import type { ClusterPlan } from './names';
import { registryOf } from './registry';
import { resourceGroup } from './resource-group';

const podIdentityFeature = 'EnablePodIdentityPreview';

/** Subscriptions with their resource groups, provider registrations, preview features and one registry each. */
export function* subscriptionResources(
  clusters: readonly ClusterPlan[],
  shape: FleetShape,
): Generator<Resource> {
  for (const members of Map.groupBy(clusters, ({ subscription }) => subscription.id).values()) {
    const [first] = members;
    if (first === undefined) continue;
    yield subscription(first, members);
    yield* Object.keys(resourceTypes).map((namespace) => registration(first, namespace));
    yield* features(members, shape);
    yield* registryOf(first);
    const groups = new Map(members.flatMap(groupsOf));
    yield* [...groups].map(([id, location]) => resourceGroup(id, location));
  }
}

function subscription(plan: ClusterPlan, members: readonly ClusterPlan[]): Resource {
  const { id, name } = plan.subscription;
  const full = members.filter(({ traits }) => traits.has('overQuota'));
  return {
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    tenantId: plan.tenantId,
    displayName: name,
    state: 'Enabled',
    authorizationSource: 'RoleBased',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
    ...(full.length > 0 && {
      $truth: { coresLeft: Object.fromEntries(full.map(({ region }) => [region.name, 0])) },
    }),
  };
}

function registration({ subscription: { id } }: ClusterPlan, namespace: string): Resource {
  return {
    id: `/subscriptions/${id}/providers/${namespace}`,
    namespace,
    registrationState: 'Registered',
  };
}

function features(members: readonly ClusterPlan[], shape: FleetShape): readonly Resource[] {
  const usesPodIdentity = members.some(
    ({ traits }) => traits.has('deadPodIdentity') || traits.has('livePodIdentity'),
  );
  return [podIdentityFeature, ...shape.unregisteredFeatures].map((feature) => {
    const registered = feature === podIdentityFeature && usesPodIdentity;
    const subscriptionId = members[0]?.subscription.id ?? '';
    return {
      id: `/subscriptions/${subscriptionId}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/${feature}`,
      name: `Microsoft.ContainerService/${feature}`,
      type: 'Microsoft.Features/providers/features',
      properties: { state: registered ? 'Registered' : 'NotRegistered' },
      $truth: { effective: registered },
    };
  });
}

function groupsOf(plan: ClusterPlan): readonly (readonly [string, string])[] {
  const base = `/subscriptions/${plan.subscription.id}/resourceGroups`;
  return [plan.group, plan.nodeGroup].map((name) => [`${base}/${name}`, plan.region.name] as const);
}

import type { Clients } from '../../clients';
import { callArm, readArm } from '../../clients/arm-errors';
import type { ClusterFacts } from '../../domain/cluster';
import { isRegistered } from '../../domain/feature-state';
import { clusterIdParts } from '../../domain/ids';
import { FailureError } from '../../domain/outcome';
import { podIdentityFeature, unwantedFeatures } from '../../domain/policy';
import type { Policy } from '../../domain/policy';
import type { FeatureReading } from '../../domain/snapshot';

export interface FeatureId {
  readonly subscriptionId: string;
  /** `Microsoft.ContainerService/EnablePodIdentityPreview`. */
  readonly feature: string;
}

/** The state of every preview flag that the policy speaks of. */
export async function readFeatures(
  clients: Clients,
  facts: ClusterFacts,
  policy: Policy,
): Promise<Readonly<Record<string, FeatureReading>>> {
  const { subscriptionId } = clusterIdParts(facts.id);
  const { required, forbidden } = policy.features;
  const unwanted = [...new Set([...unwantedFeatures(policy), ...forbidden, podIdentityFeature])];
  const names = [...new Set([...required, ...unwanted])];
  const readings = await Promise.all(
    names.map(async (feature): Promise<[string, FeatureReading]> => {
      const state = await featureState(clients, { subscriptionId, feature });
      const matters = unwanted.includes(feature) && isRegistered(state);
      const usedBy = matters ? await featureUsers(clients, { subscriptionId, feature }) : 0;
      return [feature, { state, usedBy }];
    }),
  );
  return Object.fromEntries(readings);
}

/** `Registered`, `NotRegistered`, …; `Unavailable` where Azure does not know the flag. */
export async function featureState(
  clients: Clients,
  { subscriptionId, feature }: FeatureId,
): Promise<string> {
  const { namespace, name } = splitFeature(feature);
  const { features } = await clients.features(subscriptionId);
  const target = `/subscriptions/${subscriptionId}/providers/Microsoft.Features/providers/${feature}`;
  try {
    const reading = await readArm(target, () => features.get(namespace, name));
    return reading?.properties?.state ?? 'Unavailable';
  } catch (error) {
    // FeatureNotFound is decided as Unsupported: for a reading that is an answer, not a failure.
    if (error instanceof FailureError && error.failure.code === 'Unsupported') return 'Unavailable';
    throw error;
  }
}

/** How many clusters of the subscription use what the flag enables, read from ARM itself. */
export async function featureUsers(
  clients: Clients,
  { subscriptionId, feature }: FeatureId,
): Promise<number> {
  if (feature.toLowerCase() !== podIdentityFeature.toLowerCase()) return 0;
  const { managedClusters } = await clients.containerService(subscriptionId);
  return callArm(`/subscriptions/${subscriptionId}`, async () => {
    let users = 0;
    for await (const cluster of managedClusters.list()) {
      if (cluster.podIdentityProfile?.enabled === true) users += 1;
    }
    return users;
  });
}

export function splitFeature(feature: string): { namespace: string; name: string } {
  const [namespace = '', name = ''] = feature.split('/');
  return { namespace, name };
}

import { isAllowed } from '../../rights/access';
import { at, objectAt, objectsAt, textAt, withAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { aksError } from '../../provider';
import type { ArmResponse } from '../../provider';
import type { World } from '../../world';
import { controlPlanePrincipal } from './cluster';
import type { Cluster } from './cluster';

const action = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';
const exception: JsonObject = {
  name: 'aks-addon-exception',
  namespace: 'kube-system',
  podLabels: { 'kubernetes.azure.com/managedby': 'aks' },
};

/**
 * The dead-identity jam: one pod identity whose managed identity is gone, or on which the cluster may not assign, makes
 * every write of the cluster fail, until a write leaves the entry out.
 */
export function deadPodIdentity(wanted: Cluster, world: World): ArmResponse | undefined {
  const dead = podIdentities(wanted).find((entry) => !isAssignable(entry, wanted, world));
  if (dead === undefined) return undefined;
  const id = textAt(dead, 'identity', 'resourceId') ?? '';
  return aksError(
    400,
    'PodIdentityAddonIdentitiesAssignmentError',
    `Failed to assign pod identity '${textAt(dead, 'namespace') ?? ''}/${textAt(dead, 'name') ?? ''}': cluster identity has no assignment permission over identity ${id}. Remove the pod identity or grant the permission.`,
  );
}

/** Refuses to switch the add-on on before the preview feature has taken effect in the subscription. */
export function missingPodIdentityFeature(
  before: Cluster | undefined,
  wanted: Cluster,
  world: World,
): ArmResponse | undefined {
  if (!isEnabled(wanted) || (before && isEnabled(before))) return undefined;
  const subscription = /^\/subscriptions\/[^/]+/i.exec(wanted.id)?.[0] ?? '';
  const id = `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/EnablePodIdentityPreview`;
  if (objectAt(world.resources.get(id)?.$truth)['effective'] === true) return undefined;
  return aksError(
    400,
    'PreviewFeatureNotRegistered',
    'Preview feature Microsoft.ContainerService/EnablePodIdentityPreview not registered. Register the feature, then the provider Microsoft.ContainerService.',
  );
}

/**
 * Refuses the add-on where AKS does not run it: on a present cluster without a managed identity (the published example of a
 * new one has a service principal), and under kubenet unless the write says that this is wanted. A cluster that has come
 * to that state in another way is let be.
 */
export function unsupportedPodIdentity(
  before: Cluster | undefined,
  wanted: Cluster,
): ArmResponse | undefined {
  const reason = (before && withoutIdentity(wanted)) ?? kubenetWithoutConsent(wanted);
  const known = before && (withoutIdentity(before) ?? kubenetWithoutConsent(before));
  if (reason === undefined || known === reason) return undefined;
  return aksError(400, 'BadRequest', reason);
}

function withoutIdentity(cluster: Cluster): string | undefined {
  const type = textAt(cluster, 'identity', 'type') ?? '';
  const managed = ['SystemAssigned', 'UserAssigned'].includes(type);
  return isEnabled(cluster) && !managed
    ? 'PodIdentity addon requires managed identity.'
    : undefined;
}

function kubenetWithoutConsent(cluster: Cluster): string | undefined {
  if (!isEnabled(cluster)) return undefined;
  const kubenet = textAt(cluster, 'properties', 'networkProfile', 'networkPlugin') === 'kubenet';
  const allowed = at(cluster, 'properties', 'podIdentityProfile', 'allowNetworkPluginKubenet');
  return kubenet && allowed !== true
    ? 'Network plugin kubenet is not supported to use with PodIdentity addon.'
    : undefined;
}

/** The cluster as it is once AKS has set its pod identities up. */
export function withAssignedPodIdentities(cluster: Cluster): Cluster {
  if (!isEnabled(cluster)) return withAt(cluster, ['properties', 'podIdentityProfile'], undefined);
  const path = ['properties', 'podIdentityProfile'];
  const entries = podIdentities(cluster).map((entry) => ({
    ...withAt(entry, ['provisioningInfo'], undefined),
    provisioningState: 'Assigned',
  }));
  const exceptions = objectsAt(cluster, ...path, 'userAssignedIdentityExceptions');
  const hasOwn = exceptions.some((entry) => entry['name'] === exception['name']);
  return withAt(cluster, path, {
    ...objectAt(cluster, ...path),
    userAssignedIdentities: entries,
    userAssignedIdentityExceptions: hasOwn ? exceptions : [exception, ...exceptions],
  });
}

function podIdentities(cluster: Cluster): readonly JsonObject[] {
  if (!isEnabled(cluster)) return [];
  return objectsAt(cluster, 'properties', 'podIdentityProfile', 'userAssignedIdentities');
}

function isEnabled(cluster: Cluster): boolean {
  return at(cluster, 'properties', 'podIdentityProfile', 'enabled') === true;
}

function isAssignable(entry: JsonObject, cluster: Cluster, world: World): boolean {
  const scope = textAt(entry, 'identity', 'resourceId') ?? '';
  if (!world.resources.get(scope)) return false;
  const assumed = at(cluster.$truth, 'assumedGrants');
  if (Array.isArray(assumed) && (assumed as readonly Json[]).includes(scope.toLowerCase()))
    return true;
  const principalId = controlPlanePrincipal(cluster, world);
  return principalId === undefined || isAllowed(world, { principalId, action, scope });
}

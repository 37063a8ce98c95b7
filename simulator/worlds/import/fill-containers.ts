import { partsOf } from '../../arm-id';
import resourceTypes from '../../data/resource-types.json';
import { at, textAt } from '../../json';
import type { Resource } from '../../resource-store';
import { resourceGroup } from '../../scenarios/resource-group';
import type { Filling } from './filling';

const podIdentityFeature = 'EnablePodIdentityPreview';

/** Subscriptions and resource groups that ids name, registered providers, and the pod-identity feature where it is used. */
export function fillContainers({ resources, tenantId, add }: Filling): void {
  for (const { id, location } of [...resources.values()]) {
    const { subscriptionId = '', resourceGroup: group } = partsOf(id);
    const subscription = `/subscriptions/${subscriptionId}`;
    add('subscriptions', { id: subscription, ...subscriptionBody(subscriptionId, tenantId) });
    if (group === undefined) continue;
    const place = typeof location === 'string' ? location : 'westeurope';
    add('resource groups', resourceGroup(`${subscription}/resourceGroups/${group}`, place));
  }
  const subscriptions = [...resources.values()].filter(
    ({ id }) => partsOf(id).type === 'Microsoft.Resources/subscriptions',
  );
  for (const { id } of subscriptions) fillRegistrations(id, { resources, tenantId, add });
}

function subscriptionBody(subscriptionId: string, tenantId: string) {
  return { subscriptionId, tenantId, displayName: subscriptionId, state: 'Enabled' };
}

function fillRegistrations(subscription: string, { resources, add }: Filling): void {
  for (const namespace of Object.keys(resourceTypes)) {
    const id = `${subscription}/providers/${namespace}`;
    add('provider registrations', { id, namespace, registrationState: 'Registered' });
  }
  const used = [...resources.values()].some(
    (one) => one.id.toLowerCase().startsWith(subscription.toLowerCase()) && usesPodIdentity(one),
  );
  add('features', {
    id: `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/${podIdentityFeature}`,
    name: `Microsoft.ContainerService/${podIdentityFeature}`,
    type: 'Microsoft.Features/providers/features',
    properties: { state: used ? 'Registered' : 'NotRegistered' },
    $truth: { effective: used },
  });
}

function usesPodIdentity(resource: Resource): boolean {
  const isCluster = textAt(resource, 'type')?.toLowerCase().endsWith('/managedclusters') === true;
  return isCluster && at(resource, 'properties', 'podIdentityProfile', 'enabled') === true;
}

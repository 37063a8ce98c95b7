import { partsOf } from '../../arm-id';
import resourceTypes from '../../data/resource-types.json';
import { at } from '../../json';
import { resourceGroup } from '../../scenarios/resource-group';
import { clustersIn, ofType } from './clusters-in';
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
  const inUse = new Set(
    clustersIn(resources)
      .filter((one) => at(one, 'properties', 'podIdentityProfile', 'enabled') === true)
      .map(({ id }) => partsOf(id).subscriptionId?.toLowerCase()),
  );
  for (const { id } of ofType(resources, 'Microsoft.Resources/subscriptions')) {
    const used = inUse.has(partsOf(id).subscriptionId?.toLowerCase());
    fillRegistrations(id, used, add);
  }
}

function subscriptionBody(subscriptionId: string, tenantId: string) {
  return { subscriptionId, tenantId, displayName: subscriptionId, state: 'Enabled' };
}

function fillRegistrations(subscription: string, used: boolean, add: Filling['add']): void {
  for (const namespace of Object.keys(resourceTypes)) {
    const id = `${subscription}/providers/${namespace}`;
    add('provider registrations', { id, namespace, registrationState: 'Registered' });
  }
  add('features', {
    id: `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/${podIdentityFeature}`,
    name: `Microsoft.ContainerService/${podIdentityFeature}`,
    type: 'Microsoft.Features/providers/features',
    properties: { state: used ? 'Registered' : 'NotRegistered' },
    $truth: { effective: used },
  });
}

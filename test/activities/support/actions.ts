import type { Call } from './azure';

// Where the name that the simulated Azure gives to a request is not the name of the ARM action: the
// call log knows the provider that answers, the action the one that the resource belongs to.
const actions: Readonly<Record<string, string>> = {
  'Microsoft.Resources virtualNetworks/subnets/read':
    'Microsoft.Network/virtualNetworks/subnets/read',
  'Microsoft.Resources virtualNetworks/read': 'Microsoft.Network/virtualNetworks/read',
  'Microsoft.Resources registries/read': 'Microsoft.ContainerRegistry/registries/read',
  'Microsoft.Resources vaults/read': 'Microsoft.KeyVault/vaults/read',
  'Microsoft.Resources resourceGroups/read':
    'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Resources resourceGroups/write':
    'Microsoft.Resources/subscriptions/resourceGroups/write',
  'Microsoft.Resources read': 'Microsoft.Resources/subscriptions/providers/read',
  'Microsoft.Resources register/action': 'Microsoft.ContainerService/register/action',
  'Microsoft.Features features/read': 'Microsoft.Features/providers/features/read',
  'Microsoft.Features features/register/action':
    'Microsoft.Features/providers/features/register/action',
  'Microsoft.Features features/unregister/action':
    'Microsoft.Features/providers/features/unregister/action',
  // Resource Graph shows what the caller may read; the fleet query asks for clusters.
  'Microsoft.ResourceGraph resources/action': 'Microsoft.ContainerService/managedClusters/read',
};

/** The ARM action that a request needs, in lower case. */
export function actionOf({ provider, operation }: Call): string {
  const read = operation.replace(/\/list$/, '/read');
  return lower(actions[`${provider} ${read}`] ?? `${provider}/${read}`);
}

export function lower(text: string): string {
  return text.toLowerCase();
}

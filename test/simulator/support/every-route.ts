import { providers } from '../../../simulator/providers/all';
import { subscription } from './wire-world';

/** What the parameters of routes are called in the world of the recorded requests. */
const known: Readonly<Record<string, string>> = {
  subscription: subscription.slice('/subscriptions/'.length),
  group: 'rg1',
  cluster: 'aks1',
  pool: 'np1',
  location: 'westus2',
  credential: 'f1x',
  provider: 'Microsoft.ContainerService',
  feature: 'EnablePodIdentityPreview',
  namespace: 'Microsoft.Network',
  resourceId: '/virtualNetworks/vnet1',
  scope: `${subscription}/resourceGroups/rg1`,
};

export interface KnownRoute {
  readonly method: string;
  readonly path: string;
}

/** Every route of the simulated Azure with its parameters filled in. */
export const everyRoute: readonly KnownRoute[] = providers.flatMap(({ routes }) =>
  Object.keys(routes).map((key) => {
    const [method = '', template = ''] = key.split(' ');
    const inNodeGroup = template.includes('virtualMachineScaleSets');
    const path = template
      .replace(inNodeGroup ? '{group}' : '', inNodeGroup ? 'MC' : '')
      .replace(/\/?\{(\w+)\}/g, (whole, name: string) => {
        const value = known[name] ?? nameFor(template);
        return whole.startsWith('/') && !value.startsWith('/') ? `/${value}` : value;
      });
    return { method, path };
  }),
);

function nameFor(template: string): string {
  if (template.includes('userAssignedIdentities')) return 'id1';
  if (template.includes('virtualMachineScaleSets')) return 'vmss';
  return 'thing1';
}

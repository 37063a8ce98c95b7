import { inNodeResourceGroup, nodeSubnets } from '../../domain/cluster';
import type { ClusterFacts } from '../../domain/cluster';
import type { RightsAt } from '../../domain/rights';
import { assignIdentityNeed } from '../cluster-write-needs';

const network = 'Microsoft.Network';

/** Rights that Azure checks on what a cluster is linked to with every write of it. */
export function linkedRights(facts: ClusterFacts): readonly RightsAt[] {
  const { links, nodePools, kubelet, shown } = facts;
  const own =
    kubelet && !inNodeResourceGroup(facts, kubelet.resourceId) ? [kubelet.resourceId] : [];
  const pods = nodePools.map(({ podSubnet }) => podSubnet);
  const prefixes = nodePools.map(({ publicIpPrefix }) => publicIpPrefix);
  const subnets = [...nodeSubnets(facts), ...pods, links.apiServerSubnet, ...links.hostedSubnets];
  return [
    ...at([...shown.userAssigned, ...own], assignIdentityNeed),
    ...at(subnets, `${network}/virtualNetworks/subnets/join/action`),
    ...at(links.outboundAddresses, `${network}/publicIPAddresses/join/action`),
    ...at([...links.outboundPrefixes, ...prefixes], `${network}/publicIPPrefixes/join/action`),
    ...at([links.diskEncryptionSet], 'Microsoft.Compute/diskEncryptionSets/read'),
  ];
}

function at(scopes: readonly (string | undefined)[], action: string): readonly RightsAt[] {
  return scopes.flatMap((scope) => (scope === undefined ? [] : [{ scope, actions: [action] }]));
}

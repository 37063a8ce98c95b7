import * as z from 'zod';

import { inNodeResourceGroup, nodeSubnets } from '../cluster';
import type { ClusterFacts } from '../cluster';
import { canonicalArmId, sameArmId } from '../ids';
import type { Surroundings, VaultReading } from '../snapshot';
import type { LinkedResource } from './context';

const linked = z.object({ id: z.string() }).nullish();
const Network = z.object({
  dhcpOptions: z.object({ dnsServers: z.array(z.string()).nullish() }).nullish(),
  subnets: z
    .array(
      z.object({
        id: z.string(),
        properties: z.object({ routeTable: linked }).nullish(),
      }),
    )
    .nullish(),
});

/** What resources outside the cluster, as ARM answers for them, tell about it. */
export function linkedReadings(
  facts: ClusterFacts,
  resources: readonly LinkedResource[],
  identitiesComplete: boolean,
): Surroundings {
  const dangling = identitiesComplete ? danglingIdentities(facts, resources) : undefined;
  const open = poolsWithOpenMetadata(facts, resources);
  const before = poolsBeforeSwitch(facts, resources);
  return {
    routeTables: routeTables(facts, resources),
    networksWithOwnDns: networksWithOwnDns(resources),
    registries: registries(resources),
    vaults: vaults(resources),
    ...(before && { poolsBeforeSwitch: before }),
    ...(open && { poolsWithOpenMetadata: open }),
    ...(dangling && { danglingIdentities: dangling }),
    ...(identitiesComplete && { missingIdentities: missingIdentities(facts, resources) }),
  };
}

function ofType(resources: readonly LinkedResource[], type: string): LinkedResource[] {
  return resources.filter((one) => one.type.toLowerCase() === type.toLowerCase());
}

function networks(resources: readonly LinkedResource[]) {
  return ofType(resources, 'Microsoft.Network/virtualNetworks').flatMap(({ id, properties }) => {
    const parsed = Network.safeParse(properties);
    return parsed.success ? [{ id, ...parsed.data }] : [];
  });
}

/** Route tables of the subnets of the nodes. */
function routeTables(facts: ClusterFacts, resources: readonly LinkedResource[]): readonly string[] {
  const subnets = networks(resources).flatMap((network) => network.subnets ?? []);
  const tables = nodeSubnets(facts).flatMap((id) => {
    const subnet = subnets.find((one) => sameArmId(one.id, id));
    return subnet?.properties?.routeTable?.id ?? [];
  });
  return [...new Map(tables.map((id) => [canonicalArmId(id), id])).values()].sort();
}

function networksWithOwnDns(resources: readonly LinkedResource[]): readonly string[] {
  return networks(resources)
    .filter(({ dhcpOptions }) => (dhcpOptions?.dnsServers ?? []).length > 0)
    .map(({ id }) => id);
}

function registries(resources: readonly LinkedResource[]): NonNullable<Surroundings['registries']> {
  return Object.fromEntries(
    ofType(resources, 'Microsoft.ContainerRegistry/registries').map(({ id, properties }) => [
      canonicalArmId(id),
      String(properties['roleAssignmentMode']).toLowerCase() === 'abacrepositorypermissions'
        ? 'abac'
        : 'rbac',
    ]),
  );
}

function vaults(resources: readonly LinkedResource[]): readonly VaultReading[] {
  return ofType(resources, 'Microsoft.KeyVault/vaults').map(({ id, name, properties }) => ({
    id,
    name: name !== '' ? name : id.slice(id.lastIndexOf('/') + 1),
    rbac: properties['enableRbacAuthorization'] === true,
  }));
}

/** The scale sets in the node resource group, by pool. */
function scaleSets(facts: ClusterFacts, resources: readonly LinkedResource[]) {
  return ofType(resources, 'Microsoft.Compute/virtualMachineScaleSets')
    .filter(({ id }) => inNodeResourceGroup(facts, id))
    .flatMap((scaleSet) => {
      const pool = tagOf(scaleSet, 'aks-managed-poolName');
      return typeof pool === 'string' ? [{ ...scaleSet, pool }] : [];
    });
}

/** Names of tags count without regard to case. */
function tagOf({ tags }: LinkedResource, name: string): unknown {
  return Object.entries(tags).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Nothing for a cluster without a kubelet identity, or of which no scale set is known. */
function poolsBeforeSwitch(
  facts: ClusterFacts,
  resources: readonly LinkedResource[],
): readonly string[] | undefined {
  const { nodePools, kubelet } = facts;
  const known = scaleSets(facts, resources);
  if (!kubelet || known.length === 0) return undefined;
  return nodePools
    .map(({ name }) => name)
    .filter((name) =>
      known.some(
        ({ pool, identity }) =>
          pool === name &&
          !Object.keys(identity?.userAssignedIdentities ?? {}).some((id) =>
            sameArmId(id, kubelet.resourceId),
          ),
      ),
    );
}

function poolsWithOpenMetadata(
  facts: ClusterFacts,
  resources: readonly LinkedResource[],
): readonly string[] | undefined {
  const { nodePools } = facts;
  const known = scaleSets(facts, resources);
  if (known.length === 0) return undefined;
  const isRestricted = (scaleSet: LinkedResource) =>
    String(tagOf(scaleSet, 'aks-managed-enable-imds-restriction')).toLowerCase() === 'true';
  return nodePools
    .filter(({ osType }) => osType.toLowerCase() !== 'windows')
    .map(({ name }) => name)
    .filter((name) => known.some((one) => one.pool === name && !isRestricted(one)));
}

function isKnown(resources: readonly LinkedResource[], id: string): boolean {
  return resources.some((one) => sameArmId(one.id, id));
}

function danglingIdentities(
  facts: ClusterFacts,
  resources: readonly LinkedResource[],
): NonNullable<Surroundings['danglingIdentities']> {
  const { kubelet, shown } = facts;
  const ownKubelet = kubelet && !inNodeResourceGroup(facts, kubelet.resourceId);
  const found: ('controlPlane' | 'kubelet' | false | undefined)[] = [
    shown.userAssigned.some((id) => !isKnown(resources, id)) && 'controlPlane',
    ownKubelet && !isKnown(resources, kubelet.resourceId) && 'kubelet',
  ];
  return found.filter((one) => one !== false && one !== undefined);
}

function missingIdentities(
  { podIdentity }: ClusterFacts,
  resources: readonly LinkedResource[],
): readonly string[] {
  return podIdentity.entries
    .map(({ identityId }) => identityId)
    .filter((id) => !isKnown(resources, id));
}

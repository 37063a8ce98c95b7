import defaults from '../../data/cluster-defaults.json';
import { collectionOf } from '../../arm-id';
import { at, objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { World } from '../../world';
import { locationOf, nameOf, poolsOf, withPool, withProperties } from './cluster';
import type { Cluster, Pool } from './cluster';
import { withReimagedPool } from './reimage';

/** A cluster that is being created, with everything that AKS fills in where the request says nothing. */
export function withFirstValues(cluster: Cluster, world: World): Cluster {
  const version = textAt(cluster, 'properties', 'kubernetesVersion') ?? '1.35.4';
  const first = withProperties(cluster, {
    ...places(cluster, world),
    kubernetesVersion: version,
    currentKubernetesVersion: version,
    powerState: { code: 'Running' },
    resourceUID: world.guid().replaceAll('-', '').slice(0, 24),
    maxAgentPools: 100,
    enableRBAC: at(cluster, 'properties', 'enableRBAC') ?? true,
    networkProfile: networkProfile(cluster),
    ...privatePlaces(cluster, world),
  });
  return poolsOf(first).reduce<Cluster>(
    (made, pool) => withFirstNodes(made, { ...firstPool(pool), name: nameOf(pool) }, world),
    first,
  );
}

function places(cluster: Cluster, world: World) {
  const group = collectionOf(cluster.id).split('/')[4] ?? '';
  const location = locationOf(cluster);
  const name = nameOf(cluster);
  return {
    fqdn: `${name}-${world.seed.guid(cluster.id).slice(0, 8)}.hcp.${location}.azmk8s.io`,
    nodeResourceGroup:
      textAt(cluster, 'properties', 'nodeResourceGroup') ?? `MC_${group}_${name}_${location}`,
  };
}

/** Names of the API server inside the virtual network, for a private cluster. */
function privatePlaces(cluster: Cluster, world: World) {
  const profile = ['properties', 'apiServerAccessProfile'];
  if (at(cluster, ...profile, 'enablePrivateCluster') !== true) return {};
  const label = `${nameOf(cluster)}-${world.seed.guid(cluster.id).slice(0, 8)}`;
  const zone = world.seed.guid('private zone', cluster.id.toLowerCase());
  const privateFQDN = `${label}.${zone}.privatelink.${locationOf(cluster)}.azmk8s.io`;
  const apiServerAccessProfile = {
    privateDNSZone: 'system',
    enablePrivateClusterPublicFQDN: true,
    ...objectAt(cluster, ...profile),
  };
  return { privateFQDN, apiServerAccessProfile };
}

/** What only one kind of outbound traffic has. */
function outboundProfile(asked: JsonObject): JsonObject {
  if (asked['outboundType'] !== 'managedNATGateway') return {};
  const first = { effectiveOutboundIPs: [], idleTimeoutInMinutes: 4 };
  return { natGatewayProfile: { ...first, ...objectAt(asked, 'natGatewayProfile') } };
}

function networkProfile(cluster: Cluster) {
  const asked = objectAt(cluster, 'properties', 'networkProfile');
  const { loadBalancerProfile } = defaults.networkProfile;
  return {
    ...defaults.networkProfile,
    ...asked,
    ...outboundProfile(asked),
    loadBalancerProfile: { ...loadBalancerProfile, ...objectAt(asked, 'loadBalancerProfile') },
  };
}

function firstPool(pool: Pool): Pool {
  return { ...defaults.pool, ...pool };
}

function withFirstNodes(cluster: Cluster, pool: Pool, world: World): Cluster {
  const version = objectAt(cluster, 'properties')['currentKubernetesVersion'];
  const made = withPool(cluster, nameOf(pool), {
    ...pool,
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    orchestratorVersion: pool['orchestratorVersion'] ?? version,
    currentOrchestratorVersion: version,
  });
  return withReimagedPool(made, { name: nameOf(pool) }, world);
}

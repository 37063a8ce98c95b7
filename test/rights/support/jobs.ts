import { activities } from '../../../activities';
import { CreationSpec } from '../../../domain/creation-spec';
import { capabilitiesPolicy } from '../../../domain/pod-identity/net-raw';
import type { Policy } from '../../../domain/policy';
import { onboardCluster } from '../../../orchestrations/onboard-cluster';
import type { OnboardClusterInput } from '../../../orchestrations/onboard-cluster';
import type { JsonObject } from '../../../simulator/json';
import { anAzure } from '../../activities/support/azure';
import type { TestAzure } from '../../activities/support/azure';
import {
  aFeature,
  aNetwork,
  aNodeGroupRole,
  aRegistry,
  aScaleSet,
  aWireAssignment,
  aWireCluster,
  aWirePool,
  anIdentity,
  anOldWireCluster,
} from '../../activities/support/resources';
import {
  aPolicy,
  armId,
  clusterId,
  controlPlaneId,
  identityId,
  nodeSubnet,
  oldImage,
  registry,
  subscriptionId,
} from '../../support/clusters';
import { runOnAzure } from '../../support/run-on-azure';
import { asOf, kubenetSpec, snapshotWorlds } from '../../activities/support/case-worlds';
import { inManagedMode, installedByHand } from '../../migration/support/open-source';
import { aChange, orders, ordersPrincipal } from '../../pod-identity/on-azure';
import { assign, join, joinAddress, joinPrefix, readDisks, traces } from './ending';
import type { Ending, Job } from './ending';
import { grants, managedIdentityAt } from './grants';
import { migrationOf } from './migration-job';

/** What Steward is asked to do, and the world in which all of it is to be done. */
interface Work {
  readonly world: readonly JsonObject[];
  readonly run: (azure: TestAzure) => Promise<Ran>;
}

type Ran = Omit<Ending, 'writes' | 'used' | 'inside'>;

const done: Ran = { ok: true, message: '', next: '' };
const flag = 'NodePoolFlagPreview';
const network = `/subscriptions/${subscriptionId}/resourceGroups/rg-net/providers/Microsoft.Network`;
export const outbound = {
  address: `${network}/publicIPAddresses/ip-out`,
  prefix: `${network}/publicIPPrefixes/prefix-out`,
  disks: `/subscriptions/${subscriptionId}/resourceGroups/rg-sec/providers/Microsoft.Compute/diskEncryptionSets/des`,
};

function stalePool(name: string): JsonObject {
  return aWirePool(name, { vnetSubnetID: nodeSubnet, nodeImageVersion: oldImage });
}

/** Everything that a write of the cluster refers to. */
const linked = {
  networkProfile: {
    ...{ networkPlugin: 'azure', networkPluginMode: 'overlay', outboundType: 'loadBalancer' },
    loadBalancerProfile: {
      outboundIPs: { publicIPs: [{ id: outbound.address }] },
      outboundIPPrefixes: { publicIPPrefixes: [{ id: outbound.prefix }] },
    },
  },
  diskEncryptionSetID: outbound.disks,
};

const deadEntry = {
  podIdentityProfile: {
    enabled: true,
    userAssignedIdentities: [
      {
        ...{ name: 'gone', namespace: 'apps', provisioningState: 'Assigned' },
        identity: { resourceId: identityId('gone'), clientId: 'c', objectId: 'o' },
      },
    ],
  },
};

const linkedResources = Object.values(outbound).map((id) => ({
  ...{ id, name: id.slice(id.lastIndexOf('/') + 1), location: 'westeurope' },
  type: id.split('/').slice(6, 8).join('/'),
  properties: {},
}));

const pools = [stalePool('system'), stalePool('apps')];
const scaleSets = [aScaleSet('system', 'nothing'), aScaleSet('apps', 'nothing')];
const effective = { $truth: { effective: true } };

/** What this product is for: a cluster on a service principal, from flag to flag. */
const onboarding: Work = {
  world: [
    anOldWireCluster({ ...linked, ...deadEntry, agentPoolProfiles: pools }),
    ...scaleSets,
    ...linkedResources,
    aNetwork(),
    aRegistry(),
    { ...aFeature('Registered'), ...effective },
    aFeature('NotRegistered', flag),
  ],
  run: onboard(
    aPolicy({
      features: { required: [`Microsoft.ContainerService/${flag}`] },
      roles: { registries: [registry] },
    }),
  ),
};

const ownKubelet: Work = {
  world: [
    aWireCluster({ agentPoolProfiles: pools }),
    aScaleSet('system', 'kubelet identity'),
    aScaleSet('apps', 'kubelet identity'),
    aNetwork(),
    aFeature('NotRegistered'),
    anIdentity(controlPlaneId),
    aNodeGroupRole(),
  ],
  run: onboard(aPolicy({ identity: { kubelet: 'own' } })),
};

/** An identity that has more than its cluster needs, and a cluster in order otherwise. */
const repair: Work = {
  world: [
    aWireCluster({ agentPoolProfiles: [aWirePool('system', { vnetSubnetID: nodeSubnet })] }),
    aScaleSet('system', 'kubelet identity'),
    aNetwork(),
    aFeature('NotRegistered'),
    anIdentity(controlPlaneId),
    aNodeGroupRole(),
    aWireAssignment('Network Contributor'),
    aWireAssignment(
      'Contributor',
      { scope: network.slice(0, network.indexOf('/providers')) },
      'broad',
    ),
  ],
  run: onboard(aPolicy({ roles: { remove: { tooBroad: true } } })),
};

const creation: Work = {
  world: [aNetwork(), aFeature('NotRegistered')],
  run: onboard(aPolicy(), {
    create: CreationSpec.parse({
      cluster: armId,
      location: 'westeurope',
      kubelet: 'own',
      pools: [{ name: 'system', vmSize: 'Standard_D4ds_v5' }],
      network: { subnetId: nodeSubnet },
    }),
  }),
};

const enabling: Work = {
  world: [
    aWireCluster(),
    aScaleSet('system', 'kubelet identity'),
    aScaleSet('apps', 'kubelet identity'),
    anIdentity(controlPlaneId),
    anIdentity(orders, ordersPrincipal),
    aNodeGroupRole(),
    aFeature('NotRegistered'),
  ],
  run: onboard(aPolicy(), {
    podIdentity: aChange('enable', { acceptUnsupported: true, expires: '2027-03-31' }),
  }),
};

/** A key vault, a zone that AKS makes, and a role that is not built in: more to read than usual. */
const privateCluster: Work = {
  world: [...(snapshotWorlds[1]?.world ?? []), aFeature('NotRegistered'), aNodeGroupRole()],
  run: onboard(aPolicy({ roles: { registries: [registry] } })),
};

const netRawDenied = {
  id: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/policyAssignments/no-raw`,
  name: 'no-raw',
  type: 'Microsoft.Authorization/policyAssignments',
  properties: {
    policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${capabilitiesPolicy}`,
    ...{ enforcementMode: 'Default', notScopes: [] },
    parameters: {
      effect: { value: 'Deny' },
      requiredDropCapabilities: { value: ['NET_RAW'] },
      excludedNamespaces: { value: ['kube-system', 'gatekeeper-system'] },
    },
  },
};

const kubenetCreation: Work = {
  world: [aFeature('NotRegistered'), netRawDenied],
  run: onboard(aPolicy(), { create: kubenetSpec }),
};

/** Azure has accepted to re-image a pool, and nobody has heard of it. */
const interruptedRoll: Work = {
  world: [
    aWireCluster({ agentPoolProfiles: [stalePool('system')] }),
    aScaleSet('system', 'kubelet identity'),
    aNetwork(),
    aFeature('NotRegistered'),
    anIdentity(controlPlaneId),
    aNodeGroupRole(),
    aWireAssignment('Network Contributor'),
  ],
  run: async (azure) => {
    const operation = 'managedClusters/agentPools/upgradeNodeImageVersion/action';
    await azure.fail({ match: { operation }, count: 1, reset: 'after' });
    return onboard(aPolicy())(azure);
  },
};

const sweep: Work = {
  world: [aWireCluster(), aFeature('Registered')],
  run: async ({ call }) => {
    const page = { subscriptions: [subscriptionId], skipToken: '', asOf, cause: 'sweep_1' };
    const end = await call(activities.sweepPage, { ...page, policy: aPolicy() });
    return end.ok
      ? done
      : { ok: false, message: end.failure.message, next: end.failure.next ?? '' };
  },
};

/** Every job by its name, with the actions that Azure checks on what its clusters are linked to. */
export const jobs: Readonly<Record<string, Job>> = {
  onboarding: job('order', onboarding, [assign, join, joinAddress, joinPrefix, readDisks]),
  ownKubelet: job('order', ownKubelet, [assign, join]),
  repair: job('order', repair),
  creation: job('creation', creation, [assign, join]),
  enabling: job('podIdentity', enabling, [assign]),
  sweep: job('looking', sweep),
  migration: migrationOf('01-addon-simple.json'),
  ossMigration: migrationOf('04-oss-standard-cross-namespace.json', [assign], (given) =>
    inManagedMode(installedByHand(given)),
  ),
  privateCluster: job('order', privateCluster),
  kubenetCreation: job('creation', kubenetCreation, [assign]),
  interruptedRoll: job('order', interruptedRoll),
};

function onboard(
  policy: Policy,
  what: Pick<OnboardClusterInput, 'create' | 'podIdentity'> = {},
): Work['run'] {
  return async (azure) => {
    const asked = {
      clusterId,
      mode: 'apply',
      policy,
      requestedBy: 'api',
      ownFailure: false,
    } as const;
    const end = await runOnAzure(onboardCluster, { ...asked, ...what, runId: 'run_1' }, { azure });
    if (!end.ok) throw new Error(JSON.stringify(end));
    const { state, failure } = end.value;
    if (state === 'succeeded') return done;
    return { ok: false, message: failure?.message ?? '', next: failure?.next ?? '' };
  };
}

function job(set: Job['set'], { world, run }: Work, links: readonly string[] = []): Job {
  return {
    links,
    set,
    carryOut: async (roles, removed = '') => {
      const all = [...world, ...grants(`/subscriptions/${subscriptionId}`, roles, removed)];
      await using azure = await anAzure(all, managedIdentityAt);
      await azure.behave({ rights: 'enforced' });
      const end = await run(azure);
      return { ...end, ...traces(await azure.calls()) };
    },
  };
}

import { isRegistered } from '../feature-state';
import { clusterIdParts } from '../ids';
import type { Failure } from '../outcome';
import type { Step } from '../plan/steps';
import { podIdentityFeature } from '../policy';
import type { Policy } from '../policy';
import type { ClusterSnapshot } from '../snapshot';
import { isAhead } from './acceptance';
import { netRawMitigation } from './net-raw';
import type { MitigationReading } from './net-raw';

type Reason = Omit<Failure, 'target'>;
type Cluster = Pick<
  ClusterSnapshot,
  'id' | 'name' | 'controlPlane' | 'nodePools' | 'kubernetesVersion' | 'features'
>;

/** What somebody asks for who wants the add-on. */
export interface EnablingWish {
  readonly expires: string;
  readonly consentKubenet: boolean;
}

interface Around {
  readonly policy: Policy;
  readonly asOf: string;
  readonly networkPlugin: string;
  /** Absent where nobody has to know. */
  readonly mitigation?: MitigationReading;
}

// The oldest version that the add-on still runs on.
const oldest = [1, 26] as const;

/**
 * Why the add-on may not be switched on, each reason with a next step; none when everything is ready. A flag
 * that is not registered yet is no reason: a step registers it. Pure.
 */
export function enablingBlockers(
  cluster: Cluster,
  wish: EnablingWish,
  around: Around,
): readonly Reason[] {
  return [
    ...lapsed(wish, around),
    ...unavailableFlag(cluster, around),
    ...withoutManagedIdentity(cluster),
    ...unfitPools(cluster),
    ...tooOld(cluster),
    ...network(cluster, wish, around),
  ];
}

/** The flag of the add-on, where it is not registered yet. */
export function flagStep({ id, features }: Pick<Cluster, 'id' | 'features'>): readonly Step[] {
  if (isRegistered(features[podIdentityFeature]?.state ?? '')) return [];
  const { subscriptionId } = clusterIdParts(id);
  return [{ kind: 'registerFeature', subscriptionId, feature: podIdentityFeature }];
}

function lapsed({ expires }: EnablingWish, { asOf }: Around): readonly Reason[] {
  if (isAhead(expires, asOf)) return [];
  return [
    {
      code: 'InvalidInput',
      message: `The add-on was to be accepted until ${expires}, which is over.`,
      next: 'Ask again with an expiry date in the future.',
    },
  ];
}

function unavailableFlag(
  { features }: Cluster,
  { policy }: Pick<Around, 'policy'>,
): readonly Reason[] {
  if (policy.features.forbidden.includes(podIdentityFeature)) {
    return [
      {
        code: 'DeniedByPolicy',
        message: `The policy forbids ${podIdentityFeature}, without which there is no pod identity.`,
        next: 'Use Workload ID, or take the flag from features.forbidden.',
      },
    ];
  }
  if (features[podIdentityFeature]?.state !== 'Unavailable') return [];
  return [
    {
      code: 'Unsupported',
      message: `Azure does not offer ${podIdentityFeature} in this subscription, or in this cloud at all.`,
      next: 'Use Workload ID: the add-on cannot be switched on here any more.',
    },
  ];
}

function withoutManagedIdentity({ controlPlane, name }: Cluster): readonly Reason[] {
  if (controlPlane.kind !== 'servicePrincipal') return [];
  return [
    {
      code: 'Unsupported',
      message: `${name} acts as a service principal, and the add-on needs a managed identity.`,
      next: 'Onboard the cluster with mode apply first: that gives it a managed identity.',
    },
  ];
}

function unfitPools({ nodePools, name }: Cluster): readonly Reason[] {
  const others = nodePools.filter(({ type }) => type.toLowerCase() !== 'virtualmachinescalesets');
  const isLinux = nodePools.some(({ osType }) => osType.toLowerCase() !== 'windows');
  return [
    ...(others.length === 0
      ? []
      : [
          {
            code: 'Unsupported' as const,
            message: `The add-on needs scale sets under every node pool of ${name}; these have none: ${others.map((pool) => pool.name).join(', ')}.`,
            next: 'Move the workloads of these pools to pools on virtual machine scale sets, and delete them.',
          },
        ]),
    ...(isLinux
      ? []
      : [
          {
            code: 'Unsupported' as const,
            message: `${name} has no Linux node pool, and the add-on runs on Linux only.`,
            next: 'Add a Linux node pool.',
          },
        ]),
  ];
}

function tooOld({ kubernetesVersion, name }: Cluster): readonly Reason[] {
  const [major = 0, minor = 0] = kubernetesVersion.split('.').map(Number);
  const fits = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  if (kubernetesVersion === '' || fits) return [];
  return [
    {
      code: 'Unsupported',
      message: `${name} runs Kubernetes ${kubernetesVersion}; the add-on needs ${oldest.join('.')} or newer.`,
      next: 'Upgrade the cluster first.',
    },
  ];
}

function network(
  cluster: Cluster,
  { consentKubenet }: EnablingWish,
  { networkPlugin, mitigation }: Around,
): readonly Reason[] {
  if (networkPlugin === 'azure') return [];
  if (networkPlugin !== 'kubenet') {
    return [
      {
        code: 'Unsupported',
        message: `${cluster.name} has the network plugin ${networkPlugin || '(unknown)'}; the add-on needs Azure CNI.`,
        next: 'Use Workload ID, or a cluster with Azure CNI.',
      },
    ];
  }
  if (!consentKubenet) {
    return [
      {
        code: 'Unsupported',
        message: `${cluster.name} runs kubenet, under which a pod can take the address of another one and get its tokens.`,
        next: 'Use a cluster with Azure CNI; or ask with consentKubenet once NET_RAW is denied to pods.',
      },
    ];
  }
  return unmitigated(cluster, mitigation);
}

/** Why a cluster under kubenet is not safe from pods that forge packets. */
export function unmitigated(
  { id, name }: Pick<Cluster, 'id' | 'name'>,
  reading: MitigationReading | undefined,
): readonly Reason[] {
  const { by, missing } = reading
    ? netRawMitigation(id, reading)
    : { by: '', missing: ['nothing was read about it'] };
  if (by !== '') return [];
  return [
    {
      code: 'Unsupported',
      message: `Nothing keeps the pods of ${name} from using NET_RAW: ${missing.join('; ')}.`,
      next: 'Assign the policy with effect Deny and requiredDropCapabilities NET_RAW, or a constraint K8sPSPCapabilities of that kind, then ask again.',
    },
  ];
}

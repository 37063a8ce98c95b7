import { inNodeResourceGroup, isClusterBusy } from '../cluster';
import { unfitForSystemAssigned } from '../identities/target-identity';
import type { Failure } from '../outcome';
import type { Policy } from '../policy';
import { livePodIdentities } from '../snapshot';
import type { ClusterSnapshot } from '../snapshot';
import { poolsWithoutNewerImage } from './pool-rolls';
import type { Step } from './steps';

export interface BlockerContext {
  readonly policy: Policy;
  readonly steps: readonly Step[];
  /** The failed state that the cluster may be in was left by Steward's last run. */
  readonly ownFailure: boolean;
}

type Reason = Omit<Failure, 'target'>;

/** Reasons not to begin at all. */
export function blockers(snapshot: ClusterSnapshot, context: BlockerContext): readonly Failure[] {
  const found = [
    ...unsupportedWish(snapshot, context.policy),
    ...(context.steps.length === 0 ? [] : inTheWay(snapshot, context)),
  ];
  return found.flatMap((reason) => (reason ? [{ ...reason, target: snapshot.armId }] : []));
}

function inTheWay(
  snapshot: ClusterSnapshot,
  context: BlockerContext,
): readonly (Reason | undefined)[] {
  return [
    stopped(snapshot),
    broken(snapshot, context),
    locked(snapshot),
    availabilitySet(snapshot, context),
    ...(changesIdentity(context) ? identityBlockers(snapshot, context) : []),
  ];
}

/** A system-assigned identity that somebody insists on, and AKS does not support here. */
function unsupportedWish(snapshot: ClusterSnapshot, { identity }: Policy): readonly Reason[] {
  if (!identity.insist || identity.controlPlane !== 'systemAssigned') return [];
  const { kubelet } = snapshot;
  const ownKubelet = kubelet !== undefined && !inNodeResourceGroup(snapshot, kubelet.resourceId);
  const reasons = [
    ...unfitForSystemAssigned(snapshot),
    ...(ownKubelet || identity.kubelet === 'own'
      ? ['nodes with an identity of yours need a user-assigned control plane']
      : []),
  ];
  if (reasons.length === 0) return [];
  return [
    {
      code: 'Unsupported',
      message: `AKS does not support a system-assigned identity for ${snapshot.name}: ${reasons.join('; ')}.`,
      next: 'Ask for controlPlane: userAssigned.',
    },
  ];
}

function changesIdentity({ steps }: BlockerContext): boolean {
  return steps.some(
    ({ kind }) => kind === 'enableManagedIdentity' || kind === 'adoptKubeletIdentity',
  );
}

function identityBlockers(
  snapshot: ClusterSnapshot,
  context: BlockerContext,
): readonly (Reason | undefined)[] {
  return [
    podIdentityInUse(snapshot, context),
    ownedElsewhere(snapshot, context.policy),
    context.steps.some(isFromServicePrincipal) ? noNewerImage(snapshot, context) : undefined,
  ];
}

function isFromServicePrincipal(step: Step): boolean {
  return step.kind === 'enableManagedIdentity' && step.from === 'servicePrincipal';
}

function stopped({ stopped: isStopped, name }: ClusterSnapshot): Reason | undefined {
  if (!isStopped) return undefined;
  return {
    code: 'ClusterStopped',
    message: `${name} is stopped, and a stopped cluster takes no changes.`,
    next: 'Start the cluster, then onboard it again.',
  };
}

/** Azure takes the next change of a failed cluster as a repair; anybody else's failure is theirs to look at first. */
function broken(snapshot: ClusterSnapshot, { ownFailure }: BlockerContext): Reason | undefined {
  const failed = snapshot.provisioningState.toLowerCase() === 'failed';
  if (!failed || ownFailure || isClusterBusy(snapshot)) return undefined;
  return {
    code: 'ClusterBroken',
    message: `${snapshot.name} is in provisioning state Failed.`,
    next: 'Repair the cluster (az aks update without changes reconciles it), then onboard it again.',
  };
}

function locked({ locks = [] }: ClusterSnapshot): Reason | undefined {
  const lock = locks.find(({ level }) => level === 'ReadOnly');
  return (
    lock && {
      code: 'Locked',
      message: `A read-only lock at ${lock.scope} denies every change: ${lock.id}.`,
      next: 'Remove the lock, then onboard the cluster again.',
    }
  );
}

function availabilitySet(
  { nodePools, name }: ClusterSnapshot,
  { steps }: BlockerContext,
): Reason | undefined {
  const rolls = steps.some(
    ({ kind }) => kind === 'rollNodeImages' || kind === 'adoptKubeletIdentity',
  );
  if (!rolls || !nodePools.some(({ type }) => type === 'AvailabilitySet')) return undefined;
  return {
    code: 'Unsupported',
    message: `${name} has a node pool in an availability set, which cannot be re-imaged by pool.`,
    next: 'Move its workloads to a pool on virtual machine scale sets, then onboard it again.',
  };
}

/** With its rights kept, pod identity lives through the switch: they are assigned before it. */
function podIdentityInUse(
  snapshot: ClusterSnapshot,
  { policy }: BlockerContext,
): Reason | undefined {
  if (policy.podIdentity.keepAlive) return undefined;
  const live = livePodIdentities(snapshot);
  if (!snapshot.podIdentity.enabled || live.length === 0) return undefined;
  const names = live.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return {
    code: 'PodIdentityInUse',
    message: `${snapshot.name} still has pod identities in use: ${names}.`,
    next: 'Move these workloads to Workload ID first; the switch would take their tokens away.',
  };
}

function ownedElsewhere({ managedBy, name }: ClusterSnapshot, policy: Policy): Reason | undefined {
  if (managedBy === undefined || policy.ownedElsewhere === 'allow') return undefined;
  return {
    code: 'OwnedElsewhere',
    message: `${managedBy} keeps ${name}, and would replace a cluster whose identity has changed.`,
    next: `Change the identity in ${managedBy}, or set ownedElsewhere to allow and tell ${managedBy} afterwards.`,
  };
}

/** A roll to the image that a node has changes nothing [Learn: system-assigned managed identity]. */
function noNewerImage(
  snapshot: ClusterSnapshot,
  { policy, steps }: BlockerContext,
): Reason | undefined {
  const reimaged = steps.some(({ kind }) => kind === 'adoptKubeletIdentity');
  const pools = reimaged ? [] : poolsWithoutNewerImage(snapshot);
  if (pools.length === 0 || policy.identity.withoutNewerImage === 'switch') return undefined;
  return {
    code: 'NoNewerImage',
    message: `${pools.join(', ')} of ${snapshot.name} have the newest node image: their nodes would keep the old credentials.`,
    next: 'Wait for the next weekly node image and onboard again, or set identity.withoutNewerImage to switch.',
  };
}

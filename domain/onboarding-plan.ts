import { isClusterBusy, livePodIdentities } from './cluster';
import type { ClusterSnapshot } from './cluster';
import { compareImages } from './node-image';
import type { Failure } from './outcome';
import type { Policy } from './policy';
import { missingRoles, requiredRoles } from './roles';
import type { PoolRoll, Step } from './steps';
import { desiredIdentity } from './target-identity';
import { clusterIdParts } from './ids';

/** What it takes to bring one cluster in order, or why nothing may be done. */
export interface OnboardingPlan {
  readonly steps: readonly Step[];
  /** Reasons not to begin at all. With any of them no step may run. */
  readonly blockers: readonly Failure[];
}

/**
 * Plans from a snapshot. Pure: no clock, no I/O. What an earlier run has done is not planned again,
 * because the snapshot shows it; a plan without steps and blockers means the cluster is in order.
 *
 * The order is the only safe one. Dead pod identities make every write of the cluster fail, so they
 * go first; an identity gets its roles before the control plane starts to use it; nodes keep the old
 * credentials until they are re-imaged, so they are rolled last.
 *
 * @param ownFailure the failed state that the cluster may be in was left by Steward's last run; Azure
 * takes the next change as a repair. Anybody else's failure is theirs to look at first.
 */
export function planOnboarding(
  snapshot: ClusterSnapshot,
  policy: Policy,
  { ownFailure = false }: { readonly ownFailure?: boolean } = {},
): OnboardingPlan {
  const steps = [
    ...features(snapshot, policy),
    ...podIdentity(snapshot),
    ...identity(snapshot, policy),
    ...nodeImages(snapshot),
    ...forbiddenFeatures(snapshot, policy),
  ];
  return { steps, blockers: steps.length === 0 ? [] : blockers(snapshot, steps, ownFailure) };
}

function features(snapshot: ClusterSnapshot, policy: Policy): Step[] {
  const { subscriptionId } = clusterIdParts(snapshot.id);
  return policy.features.required
    .filter((feature) => !hasState(snapshot, feature, 'registered'))
    .map((feature) => ({ kind: 'registerFeature', subscriptionId, feature }));
}

/** A flag goes when nobody uses it: now, or as soon as this cluster's add-on is off. */
function forbiddenFeatures(snapshot: ClusterSnapshot, policy: Policy): Step[] {
  const { subscriptionId } = clusterIdParts(snapshot.id);
  return policy.features.forbidden
    .filter((feature) => hasState(snapshot, feature, 'registered'))
    .filter((feature) => canRetire(snapshot) || (snapshot.features[feature]?.usedBy ?? 0) === 0)
    .map((feature) => ({ kind: 'unregisterFeature', subscriptionId, feature }));
}

function hasState({ features: readings }: ClusterSnapshot, name: string, state: string): boolean {
  return readings[name]?.state.toLowerCase() === state;
}

function canRetire(snapshot: ClusterSnapshot): boolean {
  return snapshot.podIdentity.enabled && livePodIdentities(snapshot).length === 0;
}

function podIdentity(snapshot: ClusterSnapshot): Step[] {
  if (!canRetire(snapshot)) return [];
  const deadEntries = snapshot.podIdentity.entries.map(
    ({ namespace, name }) => `${namespace}/${name}`,
  );
  return [{ kind: 'retirePodIdentity', deadEntries }];
}

function identity(snapshot: ClusterSnapshot, policy: Policy): Step[] {
  const desired = desiredIdentity(snapshot, policy);
  const switching = snapshot.controlPlane.kind === 'servicePrincipal';
  const create: Step[] =
    desired.kind === 'userAssigned' && switching && !snapshot.targetIdentity
      ? [
          {
            kind: 'createIdentity',
            resourceId: desired.resourceId,
            location: snapshot.location,
          },
        ]
      : [];
  const enable: Step[] = switching ? [{ kind: 'enableManagedIdentity', identity: desired }] : [];
  const own = rolesFor(snapshot, policy, 'controlPlane');
  const nodes = rolesFor(snapshot, policy, 'kubelet');
  // A system-assigned principal exists only after the switch; a user-assigned one is prepared before.
  return desired.kind === 'systemAssigned'
    ? [...enable, ...own, ...nodes]
    : [...create, ...own, ...enable, ...nodes];
}

function rolesFor(
  snapshot: ClusterSnapshot,
  policy: Policy,
  principal: 'controlPlane' | 'kubelet',
): Step[] {
  const wanted = requiredRoles(snapshot, policy.roles.registries).filter(
    (requirement) => requirement.principal === principal,
  );
  const holder = principal === 'kubelet' ? snapshot.kubelet?.objectId : holderOf(snapshot, policy);
  const missing = missingRoles(wanted, holder, snapshot.assignments);
  return missing.length === 0 ? [] : [{ kind: 'assignRoles', principal, roles: missing }];
}

/** Object id of the control plane's identity after the plan; none yet before that identity exists. */
function holderOf(snapshot: ClusterSnapshot, policy: Policy): string | undefined {
  const { controlPlane, targetIdentity } = snapshot;
  if (controlPlane.kind !== 'servicePrincipal') return controlPlane.principalId;
  return desiredIdentity(snapshot, policy).kind === 'userAssigned'
    ? targetIdentity?.principalId
    : undefined;
}

/** System pools first: they carry what the other pools need. */
function nodeImages(snapshot: ClusterSnapshot): Step[] {
  const pools = snapshot.nodePools
    .filter((pool) => !pool.stopped)
    .map((pool) => ({ pool, roll: poolRoll(snapshot, pool.name) }))
    .sort((a, b) => rank(a.pool.mode) - rank(b.pool.mode))
    .flatMap(({ roll }) => roll ?? []);
  return pools.length === 0 ? [] : [{ kind: 'rollNodeImages', pools }];
}

function rank(mode: string): number {
  return mode === 'System' ? 0 : 1;
}

function poolRoll(snapshot: ClusterSnapshot, name: string): PoolRoll | undefined {
  const pool = snapshot.nodePools.find((candidate) => candidate.name === name);
  if (!pool) return undefined;
  const to = snapshot.latestImages[name] ?? pool.imageVersion;
  const stale = compareImages(pool.imageVersion, to) === 'stale';
  const before =
    snapshot.controlPlane.kind === 'servicePrincipal' || snapshot.poolsBeforeSwitch.includes(name);
  if (!stale && !before) return undefined;
  const reason = !before ? 'image' : stale ? 'identity and image' : 'identity';
  return { name, reason, from: pool.imageVersion, to, nodes: pool.count };
}

function blockers(
  snapshot: ClusterSnapshot,
  steps: readonly Step[],
  ownFailure: boolean,
): Failure[] {
  const switching = steps.some(({ kind }) => kind === 'enableManagedIdentity');
  const live = livePodIdentities(snapshot);
  const target = snapshot.armId;
  const found: (Failure | false)[] = [
    snapshot.stopped && {
      code: 'ClusterStopped',
      message: `${snapshot.name} is stopped, and a stopped cluster takes no changes.`,
      next: 'Start the cluster, then onboard it again.',
      target,
    },
    !ownFailure &&
      !isClusterBusy(snapshot) &&
      snapshot.provisioningState.toLowerCase() === 'failed' && {
        code: 'ClusterBroken',
        message: `${snapshot.name} is in provisioning state Failed.`,
        next: 'Repair the cluster (az aks update without changes reconciles it), then onboard it again.',
        target,
      },
    snapshot.nodePools.some(({ type }) => type === 'AvailabilitySet') && {
      code: 'Unsupported',
      message: `${snapshot.name} has a node pool in an availability set, which cannot be re-imaged by pool.`,
      next: 'Move its workloads to a pool on virtual machine scale sets, then onboard it again.',
      target,
    },
    switching &&
      snapshot.podIdentity.enabled &&
      live.length > 0 && {
        code: 'PodIdentityInUse',
        message: `${snapshot.name} still has pod identities in use: ${live.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')}.`,
        next: 'Move these workloads to Workload ID first; the switch would take their tokens away.',
        target,
      },
  ];
  return found.filter((blocker) => blocker !== false);
}

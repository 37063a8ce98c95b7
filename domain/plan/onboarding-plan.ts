import { isRegistered } from '../feature-state';
import { clusterIdParts } from '../ids';
import type { Failure } from '../outcome';
import { honouring } from '../pod-identity/operators';
import { unwantedFeatures } from '../policy';
import type { Policy } from '../policy';
import { roleLabel } from '../roles/built-in-roles';
import type { Heir } from '../roles/inheritance';
import { principalsOf } from '../roles/principals';
import type { PrincipalKey, RoleRequirement } from '../roles/requirement';
import { livePodIdentities } from '../snapshot';
import type { ClusterSnapshot } from '../snapshot';
import { blockers } from './blockers';
import { futureOf } from './future';
import type { Future } from './future';
import { poolRolls } from './pool-rolls';
import { roleRemovals } from './role-removals';
import type { Removal } from './role-removals';
import type { LeftRights, Step } from './steps';

/** What it takes to bring one cluster in order, or why nothing may be done. */
export interface OnboardingPlan {
  readonly steps: readonly Step[];
  /** Reasons not to begin at all. With any of them no step may run. */
  readonly blockers: readonly Failure[];
}

export interface PlanOptions {
  /** Time of the plan; ISO 8601. */
  readonly asOf: string;
  /**
   * The failed state that the cluster may be in was left by Steward's last run; Azure takes the next change
   * as a repair. Anybody else's failure is theirs to look at first.
   */
  readonly ownFailure?: boolean;
}

/**
 * Plans from a snapshot. Pure: no clock, no I/O. What an earlier run has done is not planned again,
 * because the snapshot shows it; a plan without steps and blockers means the cluster is in order.
 *
 * The order is the only safe one. Dead pod identities make every write of the cluster fail, so they
 * go first; an identity gets its roles before the control plane starts to use it; nodes keep the old
 * credentials until they are re-imaged, so they are rolled after the switch; rights are taken away when
 * nothing depends on them any more, so that comes last.
 */
export function planOnboarding(
  snapshot: ClusterSnapshot,
  wanted: Policy,
  { asOf, ownFailure = false }: PlanOptions,
): OnboardingPlan {
  const policy = honouring(wanted, snapshot.podIdentityAccepted, asOf);
  const removals = changesPrincipals(futureOf(snapshot, policy, { asOf }))
    ? [] // who is former or excessive shows when the change is done
    : roleRemovals(snapshot, policy, asOf);
  const going = removals.map(({ assignment }) => assignment);
  const future = futureOf(snapshot, policy, { asOf, going });
  const steps = [
    ...requiredFeatures(snapshot, policy),
    ...podIdentity(snapshot, policy),
    ...identity(snapshot, future),
    ...nodeImages(snapshot, future),
    ...removeRoles(removals),
    ...forbiddenFeatures(snapshot, policy),
  ];
  const found = blockers(snapshot, { policy, steps, ownFailure });
  return { steps, blockers: found };
}

function changesPrincipals({ switching, newKubelet }: Future): boolean {
  return switching || newKubelet !== undefined;
}

function requiredFeatures(snapshot: ClusterSnapshot, policy: Policy): Step[] {
  const { subscriptionId } = clusterIdParts(snapshot.id);
  return policy.features.required
    .filter((feature) => !isOn(snapshot, feature))
    .map((feature) => ({ kind: 'registerFeature', subscriptionId, feature }));
}

/** A flag goes when nobody uses it: now, or as soon as this cluster's add-on is off. */
function forbiddenFeatures(snapshot: ClusterSnapshot, policy: Policy): Step[] {
  const { subscriptionId } = clusterIdParts(snapshot.id);
  return unwantedFeatures(policy)
    .filter((feature) => isOn(snapshot, feature))
    .filter((feature) => canRetire(snapshot) || (snapshot.features[feature]?.usedBy ?? 0) === 0)
    .map((feature) => ({ kind: 'unregisterFeature', subscriptionId, feature }));
}

function isOn({ features }: ClusterSnapshot, name: string): boolean {
  return isRegistered(features[name]?.state ?? '');
}

function canRetire(snapshot: ClusterSnapshot): boolean {
  return snapshot.podIdentity.enabled && livePodIdentities(snapshot).length === 0;
}

/** An add-on that is kept alive for workloads to come goes when the policy says no more of it. */
function podIdentity(snapshot: ClusterSnapshot, policy: Policy): Step[] {
  if (!canRetire(snapshot)) return [];
  if (policy.podIdentity.keepAlive && snapshot.podIdentity.entries.length === 0) return [];
  const deadEntries = snapshot.podIdentity.entries.map(
    ({ namespace, name }) => `${namespace}/${name}`,
  );
  return [{ kind: 'retirePodIdentity', deadEntries }];
}

/** Rights come first wherever their holder exists, or can be made, before it is used. */
function identity(snapshot: ClusterSnapshot, future: Future): Step[] {
  const { identity: desired, switching, newKubelet, missing } = future;
  const bornByTheSwitch = switching && desired.kind === 'systemAssigned';
  const own = assignRoles('controlPlane', missing);
  const nodes = assignRoles('kubelet', missing);
  const others = [...missing.keys()]
    .filter((key) => key !== 'controlPlane' && key !== 'kubelet')
    .flatMap((key) => assignRoles(key, missing));
  const enable: Step[] = switching
    ? [
        {
          kind: 'enableManagedIdentity',
          from: snapshot.controlPlane.kind,
          identity: desired,
          roles: bornByTheSwitch ? (missing.get('controlPlane') ?? []) : [],
          ...inheritedFrom(snapshot, future, 'controlPlane'),
        },
      ]
    : [];
  return [
    ...createIdentities(snapshot, future),
    ...(bornByTheSwitch ? [] : own),
    ...(newKubelet === undefined ? [] : nodes),
    ...enable,
    ...adoptKubelet(snapshot, future),
    ...(newKubelet === undefined ? nodes : []),
    ...others,
  ];
}

function createIdentities(snapshot: ClusterSnapshot, future: Future): Step[] {
  const { identity: desired, switching, newKubelet } = future;
  const { location, targetIdentity, targetKubelet } = snapshot;
  const create = (principal: 'controlPlane' | 'kubelet', resourceId: string): Step => ({
    kind: 'createIdentity',
    principal,
    resourceId,
    location,
  });
  return [
    ...(switching && desired.kind === 'userAssigned' && !targetIdentity
      ? [create('controlPlane', desired.resourceId)]
      : []),
    ...(newKubelet !== undefined && !targetKubelet ? [create('kubelet', newKubelet)] : []),
  ];
}

/** What becomes of rights of the principal that is replaced. */
function inheritedFrom(
  snapshot: ClusterSnapshot,
  { left, passedOn }: Future,
  whose: Heir,
): { readonly leaves?: LeftRights; readonly passesOn?: readonly RoleRequirement[] } {
  const principals = principalsOf(snapshot);
  if (principals[whose] === '') return { leaves: 'unread' };
  const rights = left
    .filter(({ principalId }) => sameText(principalId, principals[whose]))
    .map(({ role, scope }) => ({ role: roleLabel(role), scope }));
  // A service principal is nodes and control plane in one.
  const all = snapshot.controlPlane.kind === 'servicePrincipal';
  const passesOn = passedOn.filter(({ principal }) => all || principal === whose);
  return {
    ...(rights.length > 0 && { leaves: rights }),
    ...(passesOn.length > 0 && { passesOn }),
  };
}

function sameText(one: string, other = ''): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function adoptKubelet(snapshot: ClusterSnapshot, future: Future): Step[] {
  const { newKubelet: resourceId } = future;
  if (resourceId === undefined) return [];
  const pools = snapshot.nodePools
    .filter((pool) => !pool.stopped)
    .map(({ name, count }) => ({ name, nodes: count }));
  const { kind } = snapshot.controlPlane;
  const ofNodes = kind === 'servicePrincipal' ? {} : inheritedFrom(snapshot, future, 'kubelet');
  return [{ kind: 'adoptKubeletIdentity', resourceId, pools, ...ofNodes }];
}

function assignRoles(
  principal: PrincipalKey,
  missing: ReadonlyMap<PrincipalKey, readonly RoleRequirement[]>,
): Step[] {
  const roles = missing.get(principal) ?? [];
  return roles.length === 0 ? [] : [{ kind: 'assignRoles', principal, roles }];
}

function nodeImages(snapshot: ClusterSnapshot, { newKubelet }: Future): Step[] {
  const pools = poolRolls(snapshot, newKubelet !== undefined);
  return pools.length === 0 ? [] : [{ kind: 'rollNodeImages', pools }];
}

function removeRoles(removals: readonly Removal[]): Step[] {
  if (removals.length === 0) return [];
  const assignments = removals.map(({ assignment, why, former }) => {
    const { id, principalId, role, scope } = assignment;
    return { id, principalId, role, scope, why, former };
  });
  return [{ kind: 'removeRoles', assignments }];
}

import { isBusy } from '../cluster';
import { desiredIdentity, unfitForSystemAssigned } from '../identities/target-identity';
import type { Policy } from '../policy';
import type { StatedRequirement } from '../roles/requirement';
import { requirementsOf } from '../rules/judge';
import type { ClusterSnapshot } from '../snapshot';
import { planOnboarding } from './onboarding-plan';

type IdentityKind = 'ServicePrincipal' | 'SystemAssigned' | 'UserAssigned';

/** A change of identity that is due, in short: from what to what, why, at which nodes' cost, what is in the way. */
export interface IdentityPlan {
  readonly from: IdentityKind;
  readonly to: IdentityKind;
  readonly reasons: readonly string[];
  /** Pools whose nodes have to be re-imaged. */
  readonly rollPools: readonly string[];
  readonly blockedBy: readonly string[];
}

const names = {
  servicePrincipal: 'ServicePrincipal',
  systemAssigned: 'SystemAssigned',
  userAssigned: 'UserAssigned',
} as const;

/** Nothing for a cluster whose control plane and nodes have the identity that they should have. */
export function identityPlan(
  snapshot: ClusterSnapshot,
  policy: Policy,
  asOf: string,
): IdentityPlan | undefined {
  const { controlPlane, poolsBeforeSwitch } = snapshot;
  if (controlPlane.kind !== 'servicePrincipal' && poolsBeforeSwitch.length > 0) {
    return completion(snapshot, policy);
  }
  const { steps, blockers } = planOnboarding(snapshot, policy, { asOf });
  const step = steps.find(({ kind }) => kind === 'enableManagedIdentity');
  if (!step) return undefined;
  const { kind } = desiredIdentity(snapshot, policy);
  const rolls = steps.flatMap((one) => (one.kind === 'rollNodeImages' ? one.pools : []));
  return {
    from: names[controlPlane.kind],
    to: names[kind],
    reasons: reasons(snapshot, policy),
    rollPools: rolls
      .filter(({ reason }) => reason !== 'image' || controlPlane.kind === 'servicePrincipal')
      .map(({ name }) => name),
    blockedBy: [...blockers.map(({ message }) => message), ...busy(snapshot)],
  };
}

/** A run waits until nobody works on the cluster any more; whoever only looks has to know. */
function busy(snapshot: ClusterSnapshot): readonly string[] {
  const { name, provisioningState, nodePools } = snapshot;
  const all = [
    { what: name, provisioningState },
    ...nodePools.map((pool) => ({ ...pool, what: `pool ${pool.name}` })),
  ];
  return all
    .filter((one) => isBusy(one.provisioningState))
    .map((one) => `${one.what} is ${one.provisioningState}: wait until that has ended`);
}

function reasons(snapshot: ClusterSnapshot, policy: Policy): readonly string[] {
  const unfit = unfitForSystemAssigned(snapshot);
  if (unfit.length > 0) return unfit;
  const { controlPlane: wish } = policy.identity;
  return [
    wish === 'any'
      ? 'a user-assigned identity can hold every role before it is used'
      : `policy: identity.controlPlane = ${wish}`,
  ];
}

/** A switch that was made, and that the nodes have not followed. */
function completion(snapshot: ClusterSnapshot, policy: Policy): IdentityPlan {
  const kind = names[snapshot.controlPlane.kind];
  const since = snapshot.identityChangedAt?.slice(0, 10);
  const missing = requirementsOf(snapshot, policy).filter(
    ({ principal, state }) => principal === 'kubelet' && state === 'missing',
  );
  return {
    from: kind,
    to: kind,
    reasons: [since === undefined ? 'complete the switch' : `complete the switch of ${since}`],
    rollPools: snapshot.nodePools
      .map(({ name }) => name)
      .filter((name) => snapshot.poolsBeforeSwitch.includes(name)),
    blockedBy: [...missing.map(beforeRolling), ...busy(snapshot)],
  };
}

function beforeRolling({ id }: StatedRequirement): string {
  return `${id} missing for the kubelet identity: assign and settle before rolling`;
}

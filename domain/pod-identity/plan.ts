import { isRegistered } from '../feature-state';
import { canonicalArmId, clusterIdParts } from '../ids';
import type { Failure } from '../outcome';
import { blockers } from '../plan/blockers';
import type { OnboardingPlan } from '../plan/onboarding-plan';
import type { RemovedAssignment, Step } from '../plan/steps';
import { podIdentityFeature } from '../policy';
import type { Policy } from '../policy';
import type { RoleRequirement } from '../roles/requirement';
import type { ClusterSnapshot, RoleAssignment } from '../snapshot';
import { acceptanceFor } from './acceptance';
import type { Acceptance } from './acceptance';
import type { PodIdentityChange } from './change';
import { demoRemovals, demoSteps } from './demo-role';
import { sameLists, withEdits } from './edits';
import type { EntryIdentity, PodIdentityEdit } from './edits';
import { enablingBlockers, flagStep } from './enabling';
import type { MitigationReading } from './net-raw';
import { becoming, missingOperators, superfluousOperators } from './operators';
import { placeOf } from './profile';
import type { WireProfile } from './profile';
import { requestedEdits } from './requested-edits';

/** What is read for a change of pod identities, beside the snapshot of the cluster. */
export interface PodIdentitySurvey {
  readonly profile: WireProfile;
  readonly networkPlugin: string;
  /** Identities that the change or the profile names, as far as they exist. */
  readonly identities: readonly EntryIdentity[];
  /** Of the control plane, at the identities that are to be added. */
  readonly operators: readonly RoleAssignment[];
  /** Of the identities, at the node resource group; read where a demo role may be concerned. */
  readonly demoRoles: readonly RoleAssignment[];
  readonly mitigation?: MitigationReading;
  readonly acceptance?: Acceptance;
}

export interface PlanContext {
  readonly snapshot: ClusterSnapshot;
  readonly survey: PodIdentitySurvey;
  readonly policy: Policy;
  readonly asOf: string;
  /** See `planOnboarding`. */
  readonly ownFailure: boolean;
}

type Reason = Omit<Failure, 'target'>;
interface Draft {
  readonly steps: readonly Step[];
  readonly reasons: readonly Reason[];
}
type ChangeOf<K extends PodIdentityChange['kind']> = Extract<PodIdentityChange, { kind: K }>;

/**
 * Plans a change of the pod identities of one cluster. Pure. What is there already is not planned again: a plan
 * without steps and blockers means that the change is made. A right comes before what needs it, and goes after
 * it: without the right on one identity Azure refuses every write of the cluster.
 */
export function planPodIdentityChange(
  change: PodIdentityChange,
  context: PlanContext,
): OnboardingPlan {
  const { snapshot, policy } = context;
  const { steps, reasons } = drafted(change, context);
  // A write without the dead entry is the cure of a cluster that failed for it.
  const cures = ['delete', 'disable'].includes(change.kind);
  const quiet = { ...policy, identity: { ...policy.identity, insist: false } };
  const around = { policy: quiet, steps, ownFailure: context.ownFailure || cures };
  const own = reasons.map((reason) => ({ ...reason, target: snapshot.armId }));
  return { steps, blockers: [...own, ...blockers(snapshot, around)] };
}

function drafted(change: PodIdentityChange, context: PlanContext): Draft {
  if (change.kind === 'enable') return enabling(change, context);
  return change.kind === 'disable' ? disabling(change, context) : editing(change, context);
}

function enabling(change: ChangeOf<'enable'>, context: PlanContext): Draft {
  const { snapshot, survey } = context;
  const { profile, networkPlugin, acceptance } = survey;
  const kubenet = networkPlugin === 'kubenet';
  const { edits } = requestedEdits(change, []);
  const { profile: later, refused } = withEdits(profile, edits);
  const accepted = acceptanceFor(snapshot.resourceUid, acceptance)?.until === change.expires;
  const isOn = profile.enabled && (!kubenet || profile.allowNetworkPluginKubenet === true);
  if (isOn && accepted && sameLists(profile, later)) return { steps: [], reasons: [] };
  return {
    steps: [
      ...(profile.enabled ? [] : flagStep(snapshot)),
      { kind: 'enablePodIdentity', until: change.expires, kubenet, edits },
    ],
    reasons: [...enablingBlockers(snapshot, change, { ...context, ...survey }), ...refused],
  };
}

function disabling({ entries }: ChangeOf<'disable'>, context: PlanContext): Draft {
  const { snapshot, survey, policy } = context;
  const { profile, identities } = survey;
  const off = { ...profile, enabled: false, userAssignedIdentities: [] };
  const isLive = liveIn(identities);
  const all = profile.userAssignedIdentities.map((entry) => ({
    place: placeOf(entry),
    live: isLive(entry.identity.resourceId),
  }));
  const unknown = all.filter(({ place, live }) => live && !entries.includes(place));
  const known = all.filter(({ live }) => live).map(({ place }) => place);
  const dead = all.filter(({ live }) => !live).map(({ place }) => place);
  const isOn = profile.enabled || profile.userAssignedIdentities.length > 0;
  const principals = identities.map(({ objectId }) => objectId);
  return {
    steps: [
      ...removed(isOn ? demoRemovals(principals, survey.demoRoles) : []),
      ...(isOn
        ? [{ kind: 'retirePodIdentity' as const, deadEntries: dead, liveEntries: known }]
        : []),
      ...removed(superfluousOperators(becoming(snapshot, off), policy)),
      ...flagRemoval(snapshot, policy),
    ],
    reasons: unknown.length === 0 ? [] : [inUse(unknown.map(({ place }) => place))],
  };
}

function inUse(places: readonly string[]): Reason {
  return {
    code: 'PodIdentityInUse',
    message: `The add-on has entries that the request does not name, and whose identities exist: ${places.join(', ')}.`,
    next: 'Move their workloads to Workload ID first, or name them in entries if nothing needs them.',
  };
}

/** The flag goes with the last cluster of the subscription that has the add-on. */
function flagRemoval(snapshot: ClusterSnapshot, policy: Policy): readonly Step[] {
  const flag = snapshot.features[podIdentityFeature];
  const others = (flag?.usedBy ?? 0) - (snapshot.podIdentity.enabled ? 1 : 0);
  const stays = policy.features.required.includes(podIdentityFeature);
  if (!flag || !isRegistered(flag.state) || others > 0 || stays) return [];
  const { subscriptionId } = clusterIdParts(snapshot.id);
  return [{ kind: 'unregisterFeature', subscriptionId, feature: podIdentityFeature }];
}

function editing(
  change: Exclude<PodIdentityChange, ChangeOf<'enable' | 'disable'>>,
  context: PlanContext,
): Draft {
  const { snapshot, survey, policy } = context;
  const { profile, identities } = survey;
  const { edits, reasons } = requestedEdits(change, identities);
  const { profile: later, refused } = withEdits(profile, edits);
  const added = edits.flatMap((one) => (one.edit === 'addIdentity' ? [one.identity] : []));
  const removes = change.kind === 'delete';
  const after = becoming(snapshot, later);
  const missing = missingOperators(after, policy, {
    identities: added.map(({ resourceId }) => resourceId),
    read: survey.operators,
  });
  const gone = identitiesLost(profile, later);
  const losers = identities.filter(({ resourceId }) => gone.includes(canonicalArmId(resourceId)));
  const demo = change.kind === 'add' ? wantingDemo(change, added) : [];
  const changes = !sameLists(profile, later) || isUnsettled(profile, edits);
  return {
    steps: [
      ...removed(
        demoRemovals(
          losers.map(({ objectId }) => objectId),
          survey.demoRoles,
        ),
      ),
      ...granted(missing),
      ...(changes ? [{ kind: 'changePodIdentities' as const, edits }] : []),
      ...demoSteps(nodeGroupOf(snapshot), demo, survey.demoRoles),
      ...removed(removes ? superfluousOperators(after, policy) : []),
    ],
    reasons: [
      ...(profile.enabled || (isDeletion(change) && !changes) ? [] : [off(snapshot)]),
      ...reasons,
      ...refused,
      ...(changes ? deadIn(later, identities) : []),
    ],
  };
}

/** What is not there needs no deleting. */
function isDeletion({ kind }: PodIdentityChange): boolean {
  return kind === 'delete' || kind === 'deleteException';
}

function off({ name }: ClusterSnapshot): Reason {
  return {
    code: 'NotFound',
    message: `The pod-identity add-on of ${name} is off.`,
    next: 'Enable it first, which takes acceptUnsupported and an expiry date.',
  };
}

function granted(roles: readonly RoleRequirement[]): readonly Step[] {
  return roles.length === 0 ? [] : [{ kind: 'assignRoles', principal: 'controlPlane', roles }];
}

function removed(assignments: readonly RemovedAssignment[]): readonly Step[] {
  return assignments.length === 0 ? [] : [{ kind: 'removeRoles', assignments }];
}

/** An entry whose identity is gone makes Azure refuse every write that does not leave it out. */
function deadIn(later: WireProfile, identities: readonly EntryIdentity[]): readonly Reason[] {
  const isLive = liveIn(identities);
  const dead = later.userAssignedIdentities.filter((one) => !isLive(one.identity.resourceId));
  if (dead.length === 0) return [];
  return [
    {
      code: 'Conflict',
      message: `Azure refuses every write while the identities of these entries do not exist: ${dead.map(placeOf).join(', ')}.`,
      next: 'Delete these pod identities first, all in one request.',
    },
  ];
}

function liveIn(identities: readonly EntryIdentity[]): (resourceId: string) => boolean {
  const ids = identities.map(({ resourceId }) => canonicalArmId(resourceId));
  return (resourceId) => ids.includes(canonicalArmId(resourceId));
}

/** Identities with an entry before and none after, canonical. */
function identitiesLost(before: WireProfile, after: WireProfile): readonly string[] {
  const idsIn = (profile: WireProfile) =>
    profile.userAssignedIdentities.map(({ identity }) => canonicalArmId(identity.resourceId));
  const kept = idsIn(after);
  return idsIn(before).filter((id) => !kept.includes(id));
}

/** Azure has taken an entry that is to be added, and did not get it done. */
function isUnsettled(profile: WireProfile, edits: readonly PodIdentityEdit[]): boolean {
  return edits.some(
    ({ edit, name, namespace }) =>
      edit === 'addIdentity' &&
      profile.userAssignedIdentities.some(
        (one) =>
          one.name === name && one.namespace === namespace && one.provisioningState === 'Failed',
      ),
  );
}

function wantingDemo(
  { identities }: ChangeOf<'add'>,
  added: readonly EntryIdentity[],
): readonly EntryIdentity[] {
  const wanted = identities
    .filter(({ demoRole }) => demoRole)
    .map(({ identityId }) => canonicalArmId(identityId));
  const found = added.filter(({ resourceId }) => wanted.includes(canonicalArmId(resourceId)));
  return [...new Map(found.map((one) => [canonicalArmId(one.resourceId), one])).values()];
}

function nodeGroupOf({ armId, nodeResourceGroup }: ClusterSnapshot): string {
  return `${armId.split('/').slice(0, 3).join('/')}/resourceGroups/${nodeResourceGroup}`;
}

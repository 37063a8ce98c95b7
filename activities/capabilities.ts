import { existingClustersNeeds } from '../clients/existing-clusters';
import type { PrivateClusters } from '../clients/kubernetes/connect';
import { ownPermissionsNeeds } from '../clients/own-permissions';
import type { Capability } from '../domain/permissions';
import type { RolePart } from '../domain/role-parts';
import { activities } from './index';
import type { Activities } from './index';
import { insideNeeds, runCommandNeeds } from './migration/inside-needs';

/** What each capability does. The actions that it needs are those that its activities declare. */
const members: Readonly<Record<Capability, readonly (keyof Activities)[]>> = {
  report: [
    'takeSnapshot',
    'surveyCreation',
    'judgeCluster',
    'sweepPage',
    'readCluster',
    'readPool',
    'readFeature',
    'readProvider',
    'pollOperation',
    'checkRights',
  ],
  nodeImages: ['startNodeImageRoll'],
  clusterIdentity: ['switchIdentity', 'adoptKubeletIdentity'],
  podIdentity: [
    'surveyPodIdentity',
    'writePodIdentity',
    'disablePodIdentity',
    'startDemoPod',
    'readDemoPod',
    'removeDemoPod',
  ],
  identities: ['createIdentity', 'createResourceGroup'],
  roles: ['assignRole', 'removeRole'],
  features: ['requestFeature', 'withdrawFeature', 'registerProvider'],
  creation: ['createCluster'],
  podIdentitySurvey: ['readClusterContent', 'surveyMigration'],
  workloadIdentity: [
    'readClusterContent',
    'surveyMigration',
    'checkMigrationRights',
    'enableWorkloadIdentity',
    'checkWorkloadIdentity',
    'writeCredential',
    'prepareAccount',
    'proveIdentity',
    'rehearseWorkload',
    'patchWorkload',
    'readRollout',
    'steerRollout',
    'evictPod',
    'restoreTemplate',
    'checkSoak',
    'undoChange',
  ],
  podIdentityRemoval: [
    'editPodIdentities',
    'restorePodIdentities',
    'disablePodIdentity',
    'readBindings',
    'parkBindings',
    'deleteBindings',
    'uninstallPart',
    'removePodIdentityCrds',
    'removeScaleSetIdentities',
    'startImdsProbes',
    'readImdsProbes',
    'removeImdsProbes',
    'planPoolRolls',
    'removeGrant',
  ],
};

/** What triggers ask of Azure themselves, without an activity. */
export const lookUps: Readonly<Record<string, readonly string[]>> = {
  'the look at own permissions': ownPermissionsNeeds,
  'the look for clusters that a request names': existingClustersNeeds,
};

/** Who needs an action: names of activities, and of look-ups of triggers. */
export type Users = ReadonlyMap<string, readonly string[]>;

/** The actions of each role, sorted, and who needs them. */
export const partUsers: Readonly<Record<RolePart, Users>> = {
  ...forCapabilities((name) => usersOf(name)),
  privateClusters: grouped(
    insiders().flatMap((name) => runCommandNeeds.map((action) => [action, name] as const)),
  ),
};

/** ARM actions that each capability needs, sorted, each once. */
export const capabilityNeeds = forCapabilities((name) => [...partUsers[name].keys()]);

/** The same where private clusters are reached in this way. */
export function capabilityNeedsFor(privateClusters: PrivateClusters): typeof capabilityNeeds {
  if (privateClusters === 'direct') return capabilityNeeds;
  return forCapabilities((name) => {
    const needs = capabilityNeeds[name];
    return goesInside(needs) ? [...needs, ...runCommandNeeds].sort() : needs;
  });
}

function usersOf(capability: Capability): Users {
  const own = members[capability].map((name) => [name, activities[name].needs] as const);
  const all = capability === 'report' ? [...own, ...Object.entries(lookUps)] : own;
  return grouped(all.flatMap(([name, needs]) => needs.map((action) => [action, name] as const)));
}

function grouped(pairs: readonly (readonly [action: string, user: string])[]): Users {
  const actions = [...new Set(pairs.map(([action]) => action))].sort();
  return new Map(
    actions.map((action) => [
      action,
      [...new Set(pairs.filter(([one]) => one === action).map(([, user]) => user))].sort(),
    ]),
  );
}

function insiders(): readonly string[] {
  return Object.entries(activities).flatMap(([name, { needs }]) =>
    goesInside(needs) ? [name] : [],
  );
}

function goesInside(needs: readonly string[]): boolean {
  return insideNeeds.some((action) => needs.includes(action));
}

function forCapabilities<T>(make: (capability: Capability) => T): Readonly<Record<Capability, T>> {
  const names = Object.keys(members) as Capability[];
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Capability, T>;
}

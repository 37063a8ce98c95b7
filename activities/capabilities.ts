import type { Capability } from '../domain/permissions';
import { activities } from './index';
import type { Activities } from './index';

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

const needsOf = (capability: Capability): readonly string[] =>
  [...new Set(members[capability].flatMap((name) => [...activities[name].needs]))].sort();

/** ARM actions that each capability needs, sorted, each once. */
export const capabilityNeeds: Readonly<Record<Capability, readonly string[]>> = {
  report: needsOf('report'),
  nodeImages: needsOf('nodeImages'),
  clusterIdentity: needsOf('clusterIdentity'),
  podIdentity: needsOf('podIdentity'),
  identities: needsOf('identities'),
  roles: needsOf('roles'),
  features: needsOf('features'),
  creation: needsOf('creation'),
  podIdentitySurvey: needsOf('podIdentitySurvey'),
  workloadIdentity: needsOf('workloadIdentity'),
  podIdentityRemoval: needsOf('podIdentityRemoval'),
};

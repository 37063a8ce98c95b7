import { getCluster } from '../../clients/clusters';
import { ownPermissionsNeeds } from '../../clients/own-permissions';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterIdParts } from '../../domain/ids';
import type { Approval } from '../../domain/migration/approvals';
import { cutOf } from '../../domain/migration/cut';
import type { CutPlan, CutQuery } from '../../domain/migration/cut';
import { refText } from '../../domain/migration/ledger';
import type { MigrationOptions } from '../../domain/migration/options';
import type { FleetReading } from '../../domain/migration/snapshot';
import { workOf } from '../../domain/migration/work';
import type { ClusterWork, WorkQuery } from '../../domain/migration/work';
import type { RightsAt } from '../../domain/rights';
import { defineActivity } from '../activity';
import { assignIdentityNeed } from '../cluster-write-needs';
import { disablePodIdentity } from '../disable-pod-identity';
import {
  readFeature,
  readProvider,
  registerProvider,
  requestFeature,
  withdrawFeature,
} from '../feature-registration';
import { pollOperation } from '../poll-operation';
import { placed, written } from '../rights/placed';
import { requireRights } from '../rights/require-rights';
import { startNodeImageRoll } from '../start-node-image-roll';
import { surveyMigration } from '../survey-migration';
import { loadSurvey } from '../survey-store';
import { editPodIdentities } from './edit-pod-identities';
import { enableWorkloadIdentity } from './enable-workload-identity';
import { planPoolRolls } from './imds';
import { insideNeeds, runCommandNeeds } from './inside-needs';
import type { MigrationPlace } from './ledger';
import { approvedPlan } from './plans';
import { removeGrant } from './remove-grant';
import { removeScaleSetIdentities } from './scale-set-identities';
import { undoChange } from './undo-change';
import { writeCredential } from './write-credential';

export interface CheckMigrationRightsInput extends MigrationPlace {
  readonly approvals: readonly Approval[];
  readonly options: MigrationOptions;
}

/**
 * Whether Steward's own identity may do all that the approved plan of a migration foresees in a cluster, the clean-up in the
 * end and the way back included. The switch from a service principal has a plan of its own, which is checked when it is made.
 *
 * @throws FailureError `Forbidden` that names what is missing.
 */
export const checkMigrationRights = defineActivity(
  [...ownPermissionsNeeds, 'Microsoft.ContainerService/managedClusters/read'],
  async (
    { migrationId, clusterId, approvals, options }: CheckMigrationRightsInput,
    { clients },
  ): Promise<{ readonly checked: number }> => {
    const { plan, cluster } = await approvedPlan(clients.records, { migrationId, clusterId });
    const { fleet } = await loadSurvey(clients.records, migrationId, [clusterId]);
    const query = { plan, cluster, fleet, approvals };
    const work = workOf(query);
    const { facts } = await getCluster(clients, clusterId);
    const cut = foreseenCut({ ...query, fleet }, work, facts);
    const overRunCommand = facts.links.privateCluster && clients.privateClusters === 'runCommand';
    const rights = [
      ...placed(facts, { needs: overRunCommand ? runCommandNeeds : insideNeeds }),
      ...rightsOfWork(work, facts),
      ...rightsToSee(work, fleet),
      ...rightsOfCut(cut, facts, options),
    ];
    await requireRights(clients, rights, facts.armId);
    return { checked: rights.length };
  },
);

/** Identities that could not be read hold back their workloads; a run that is left with none of them changes nothing. */
function rightsToSee(
  { workloads, held }: ClusterWork,
  { identities }: Pick<FleetReading, 'identities'>,
): readonly RightsAt[] {
  if (workloads.length > 0 || held.length === 0) return [];
  const actions = surveyMigration.needs.filter(isOfIdentity);
  return identities.flatMap(({ id, forbidden }) => (forbidden ? [{ scope: id, actions }] : []));
}

function rightsOfWork(
  { steps, credentials }: ClusterWork,
  facts: ClusterFacts,
): readonly RightsAt[] {
  const writes = steps.some((step) => step !== 'enableManagedIdentity');
  const undo = undoChange.needs.filter((action) => isAbout(action, 'federatedIdentityCredentials'));
  const credential = [...writeCredential.needs.filter(isOfIdentity), ...undo];
  return [
    ...(writes ? written(facts, editPodIdentities, enableWorkloadIdentity, pollOperation) : []),
    ...credentials.map(({ identityId }) => ({ scope: identityId, actions: credential })),
  ];
}

function rightsOfCut(
  { installMode, podIdentities, retire, scaleSets, grants, unregister }: CutPlan,
  facts: ClusterFacts,
  { probeImage }: MigrationOptions,
): readonly RightsAt[] {
  const edits = installMode === 'addon' && (podIdentities.length > 0 || retire);
  const roles = [...removeGrant.needs, ...undoChange.needs].filter((one) =>
    isAbout(one, 'roleAssignments'),
  );
  const flag = [withdrawFeature, requestFeature, readFeature, registerProvider, readProvider];
  const rolls = retire && probeImage !== undefined;
  return [
    ...(edits ? written(facts, editPodIdentities, disablePodIdentity, pollOperation) : []),
    ...scaleSets.flatMap(({ id, identityIds }) => [
      { scope: id, actions: removeScaleSetIdentities.needs },
      ...identityIds.map((scope) => ({ scope, actions: [assignIdentityNeed] })), // on the way back
    ]),
    ...grants.map(({ id }) => ({ scope: scopeOf(id), actions: roles })),
    ...(unregister ? placed(facts, ...flag) : []),
    ...(rolls ? placed(facts, planPoolRolls, startNodeImageRoll, pollOperation) : []),
  ];
}

/** What would be taken away in the end if all that goes were migrated. */
function foreseenCut(
  query: Pick<CutQuery, 'plan' | 'fleet' | 'approvals'> & Pick<WorkQuery, 'cluster'>,
  { workloads }: ClusterWork,
  { id }: ClusterFacts,
): CutPlan {
  const { cluster: approved, plan, fleet, approvals } = query;
  const going = new Set(workloads.map(refText));
  const { cleanup } = approved;
  const podIdentities = cleanup.podIdentities.map((one) => {
    const isFreed = one.removable === 'no' && one.blockedBy.every((ref) => going.has(ref));
    return isFreed ? { ...one, removable: 'after-soak' as const } : one;
  });
  const now = {
    ...approved,
    cleanup: { ...cleanup, podIdentities },
    workloads: approved.workloads.map((one) =>
      going.has(refText(one)) ? { ...one, status: 'migrated' as const } : one,
    ),
  };
  const { subscriptionId } = clusterIdParts(id);
  const nothing = { unproved: new Set<string>(), asked: new Set<string>() };
  return cutOf({ approved, now, plan, fleet, approvals, subscriptionId, ...nothing });
}

function isAbout(action: string, type: string): boolean {
  return action.includes(`/${type}/`);
}

function isOfIdentity(action: string): boolean {
  return action.startsWith('Microsoft.ManagedIdentity/');
}

/** What a role assignment is on. */
function scopeOf(assignmentId: string): string {
  const end = assignmentId.toLowerCase().lastIndexOf('/providers/microsoft.authorization/');
  return assignmentId.slice(0, end);
}

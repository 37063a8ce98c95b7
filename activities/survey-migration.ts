import type { Clients } from '../clients';
import { canonicalArmId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { FleetReading, Json } from '../domain/migration/snapshot';
import { objectIn } from '../domain/migration/json';
import { defineActivity } from './activity';
import { readRoleAssignments } from './readings/pod-identity/assignments';
import {
  readClusters,
  readOtherClusters,
  readScaleSets,
  readSubscriptions,
} from './readings/pod-identity/fleet';
import { namedIdentities, readIdentities } from './readings/pod-identity/identities';
import { loadObjects, storePart } from './survey-store';

export interface SurveyMigrationInput {
  readonly surveyId: string;
  /** Clusters in scope, whose content was read under the same id before. */
  readonly clusterIds: readonly ClusterId[];
}

export interface SurveyMigrationResult {
  readonly surveyId: string;
  /** Clusters in scope that exist. */
  readonly clusters: number;
  /** Others that Steward sees. */
  readonly otherClusters: number;
  readonly identities: number;
  readonly roleAssignments: number;
  readonly scaleSets: number;
  /** What Steward may not read, and what a plan therefore does not know. */
  readonly unread: readonly ('roleAssignments' | 'identities')[];
}

/**
 * Reads what ARM knows about pod identity in a fleet, without changing anything, and keeps it under the survey's id.
 * Comes after `readClusterContent` of every cluster: the open-source installs say only inside which identities they are
 * about. Idempotent.
 */
export const surveyMigration = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Compute/virtualMachineScaleSets/read',
    'Microsoft.Features/providers/features/read',
  ],
  async (input: SurveyMigrationInput, { clients }): Promise<SurveyMigrationResult> => {
    const { surveyId } = input;
    const { inScope, roleAssignments, ...fleet } = await readFleet(clients, input);
    const reading: FleetReading = { ...fleet, roleAssignments: roleAssignments ?? [] };
    await storePart(clients.records, { surveyId, name: 'fleet' }, reading);
    return {
      surveyId,
      clusters: inScope,
      otherClusters: reading.clusters.length - inScope,
      identities: reading.identities.length,
      roleAssignments: reading.roleAssignments.length,
      scaleSets: reading.vmss.length,
      unread: [
        ...(roleAssignments === undefined ? (['roleAssignments'] as const) : []),
        ...(reading.identities.some(({ forbidden }) => forbidden) ? (['identities'] as const) : []),
      ],
    };
  },
);

/** The fleet, with the clusters in scope before the others. */
async function readFleet(clients: Clients, { surveyId, clusterIds }: SurveyMigrationInput) {
  const clusters = await readClusters(clients, clusterIds);
  const installed = new Map<string, readonly Json[]>();
  for (const clusterId of clusterIds) {
    const of = { surveyId, clusterId };
    installed.set(clusterId, await loadObjects(clients.records, of, ['azureidentities']));
  }
  const identityIds = namedIdentities(clusters, [...installed.values()].flat());
  return {
    inScope: clusters.length,
    subscriptions: await readSubscriptions(clients, subscriptionsOf(clusterIds)),
    clusters: [...clusters, ...(await readOtherClusters(clients, clusterIds))],
    identities: await readIdentities(clients, identityIds),
    roleAssignments: await readRoleAssignments(clients, clusters, identityIds),
    vmss: await readScaleSets(
      clients,
      clusters.filter((one) => isSelfMade(one, installed)),
    ),
  };
}

/** Pod identity as open source: its identities are on the scale sets by MIC's doing, or by hand. */
function isSelfMade(
  { id, properties }: Json,
  installed: ReadonlyMap<string, readonly Json[]>,
): boolean {
  const { enabled } = objectIn(objectIn(properties)['podIdentityProfile']);
  const objects = installed.get(canonicalArmId(String(id))) ?? [];
  return enabled !== true && objects.length > 0;
}

function subscriptionsOf(clusterIds: readonly ClusterId[]): readonly string[] {
  return [...new Set(clusterIds.map((id) => id.split('/')[2] ?? ''))];
}

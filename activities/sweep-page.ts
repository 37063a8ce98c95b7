import type { Clients } from '../clients';
import { callArm } from '../clients/arm-errors';
import type { ClusterFacts } from '../domain/cluster';
import { fleetQuery, rowToFacts } from '../domain/fleet-query';
import { clusterIdParts } from '../domain/ids';
import { imageFamily } from '../domain/node-image';
import type { Policy } from '../domain/policy';
import { judge } from '../domain/rules/judge';
import { defineActivity } from './activity';
import { recordJudgement } from './cluster-records';
import type { Occasion } from './cluster-records';
import { acceptanceOf } from './readings/acceptance';
import { latestImage } from './readings/node-images';
import { subscriptionReadings } from './readings/subscription';

export interface SweepPageInput extends Occasion {
  readonly subscriptions: readonly string[];
  readonly policy: Policy;
  /** Where the page begins; empty for the first one. */
  readonly skipToken: string;
}

export interface SweepPageResult {
  readonly clusters: number;
  readonly withFindings: number;
  readonly findings: number;
  /** Empty on the last page. */
  readonly skipToken: string;
}

// The most that Resource Graph gives at once.
const pageSize = 1000;

/** Judges one page of the fleet by what Resource Graph knows of it, and by its subscriptions. Idempotent. */
export const sweepPage = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles/read',
    'Microsoft.Features/providers/features/read',
    'Microsoft.Resources/subscriptions/providers/read',
    'Microsoft.Authorization/roleAssignmentsUsageMetrics/read',
  ],
  async (input: SweepPageInput, { clients, runEnded }): Promise<SweepPageResult> => {
    const { subscriptions, policy, skipToken } = input;
    const graph = await clients.resourceGraph();
    const page = await callArm('/providers/Microsoft.ResourceGraph', () =>
      graph.resources({
        query: fleetQuery,
        subscriptions: [...subscriptions],
        options: { top: pageSize, resultFormat: 'objectArray', ...(skipToken && { skipToken }) },
      }),
    );
    const fleet = (page.data as unknown[]).map(rowToFacts);
    const newest = await newestImages(clients, fleet);
    const shared = await subscriptionReadings(clients, fleet, policy);
    let withFindings = 0;
    let findings = 0;
    for (const facts of fleet) {
      const ofSubscription = shared.get(clusterIdParts(facts.id).subscriptionId);
      const accepted = await acceptanceOf(clients, facts);
      const read = { ...ofSubscription, ...accepted, latestImages: imagesFor(facts, newest) };
      const view = { ...facts, ...read };
      const judgement = judge(view, { policy, asOf: input.asOf });
      const record = await recordJudgement(clients.records, { facts: view, judgement }, input);
      findings += record.findings.length;
      if (record.findings.length > 0) withFindings += 1;
    }
    const next = page.skipToken ?? '';
    if (next === '') {
      const endedAt = new Date().toISOString();
      await clients.records.put('sweep', 'fleet', { startedAt: input.asOf, endedAt });
      runEnded('sweep');
    }
    return { clusters: fleet.length, withFindings, findings, skipToken: next };
  },
);

/** Newest image by region and family: pools that share both share it, so one of them is asked. */
async function newestImages(
  clients: Clients,
  fleet: readonly ClusterFacts[],
): Promise<ReadonlyMap<string, string>> {
  const samples = new Map<string, { facts: ClusterFacts; pool: string }>();
  for (const facts of fleet.filter(({ stopped }) => !stopped)) {
    for (const { name, imageVersion, stopped } of facts.nodePools) {
      const key = familyKey(facts, imageVersion);
      if (!stopped && !samples.has(key)) samples.set(key, { facts, pool: name });
    }
  }
  const entries = [...samples].map(async ([key, { facts, pool }]): Promise<[string, string]> => [
    key,
    await latestImage(clients, facts, pool),
  ]);
  return new Map(await Promise.all(entries));
}

function imagesFor(
  facts: ClusterFacts,
  newest: ReadonlyMap<string, string>,
): Record<string, string> {
  const known = facts.nodePools.map(({ name, imageVersion }): [string, string] => [
    name,
    newest.get(familyKey(facts, imageVersion)) ?? imageVersion,
  ]);
  return Object.fromEntries(known);
}

function familyKey({ location }: ClusterFacts, image: string): string {
  return `${location} ${imageFamily(image)}`;
}

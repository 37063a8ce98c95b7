import type { KubeApi } from '../../clients/kubernetes/kube-api';
import type { Records } from '../../clients/records/records';
import { clusterKey } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import { objectAt, textIn } from '../../domain/migration/json';
import { refText } from '../../domain/migration/ledger';
import { loggedRequests } from '../../domain/migration/nmi-silence';
import type { LoggedRequest } from '../../domain/migration/nmi-silence';
import { podsPath, workloadPath } from '../../domain/migration/paths';
import { selectorText } from '../../domain/migration/selector';
import type { Json } from '../../domain/migration/snapshot';
import { soakVerdict } from '../../domain/migration/soak';
import type { SoakCheck, SoakVerdict } from '../../domain/migration/soak';
import type { WorkloadState } from '../../domain/migration/states';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import type { ActivityContext } from '../activity';
import { isStopped } from './going';
import type { MigrationPlace } from './ledger';
import { approvedPlan } from './plans';
import { readNmiLogs } from '../readings/pod-identity/content';
import { eventsSince } from './workload-events';

export interface CheckSoakInput extends MigrationPlace {
  /** `Kind/namespace/name`: what each is to be stands in the plan. */
  readonly workloads: readonly string[];
  /** Whether the time of the soak is over: then what is well is migrated. */
  readonly end: boolean;
  /** ISO time of the last look. */
  readonly since: string;
  /** ISO time. */
  readonly asOf: string;
}

/**
 * Looks at workloads that run with their patch: that their pods have tokens of their own, do not ask pod identity any more,
 * and start as they should. Writes down what it finds.
 */
export const checkSoak = defineActivity(
  insideNeeds,
  async (input: CheckSoakInput, context): Promise<SoakCheck> => {
    const { migrationId } = input;
    const { clients } = context;
    const workloads = await plannedWorkloads(clients.records, input);
    const kube = await clients.kubernetes(input.clusterId);
    const asked = await tokenRequests(kube, input);
    const verdicts = await Promise.all(
      workloads.map((workload) => judge(workload, { input, context, kube, asked })),
    );
    const placesOf = (state: SoakVerdict['state']) =>
      verdicts.flatMap((verdict, place) => (verdict.state === state ? [place] : []));
    return {
      well: placesOf('well'),
      waiting: placesOf('waiting'),
      broken: workloads.filter((_, place) => verdicts[place]?.state === 'broken'),
      stopped: await isStopped(clients.records, migrationId),
    };
  },
);

/** A long list would be in the history once for each look. */
async function plannedWorkloads(
  records: Records,
  { migrationId, clusterId, workloads: names }: CheckSoakInput,
): Promise<readonly WorkloadMigration[]> {
  const { cluster } = await approvedPlan(records, { migrationId, clusterId });
  const planned = new Map(cluster.workloads.map((one) => [refText(one), one]));
  return names.flatMap((name) => planned.get(name) ?? []);
}

interface Judging {
  readonly input: CheckSoakInput;
  readonly context: ActivityContext;
  readonly kube: KubeApi;
  readonly asked: Asked;
}

async function judge(
  workload: WorkloadMigration,
  { input, context, kube, asked }: Judging,
): Promise<SoakVerdict> {
  const { records } = context.clients;
  const id = `${input.migrationId}~${clusterKey(input.clusterId)}~${refText(workload)}`;
  const record = (await records.get('migrationWorkload', id))?.value;
  const since = record?.rolledAt ?? record?.since ?? '';
  const object = await kube.get(workloadPath(workload));
  const verdict: SoakVerdict = object
    ? soakVerdict(await reading(kube, object, { workload, since, asked }), workload)
    : { state: 'broken', reason: 'It does not exist any more.' };
  if (record) {
    const state = stateAfter(verdict, input.end);
    await records.put('migrationWorkload', id, {
      ...record,
      state,
      reason: verdict.state === 'well' ? '' : verdict.reason,
    });
  }
  return verdict;
}

function stateAfter({ state }: SoakVerdict, end: boolean): WorkloadState {
  if (state === 'broken') return 'failed';
  if (state === 'waiting') return 'waiting';
  return end ? 'migrated' : 'soaking';
}

async function reading(
  kube: KubeApi,
  object: Json,
  place: {
    readonly workload: WorkloadMigration;
    readonly since: string;
    readonly asked: Asked;
  },
) {
  const { workload, since } = place;
  const { namespace, name, kind } = workload;
  const selector = encodeURIComponent(selectorText(object));
  const pods =
    kind === 'CronJob' ? [] : await kube.list(`${podsPath(namespace)}?labelSelector=${selector}`);
  const askedNmi = new Set(
    place.asked.requests.filter(({ at }) => at >= since).map(({ podIp }) => podIp),
  );
  const events = await eventsSince(kube, { namespace, name }, since);
  return { object, pods: pods ?? [], events, askedNmi, unread: place.asked.unread, since };
}

/** Clocks of nodes and Steward's differ a little. */
const toleranceSeconds = 300;

interface Asked {
  readonly requests: readonly LoggedRequest[];
  /** NMI pods whose log could not be read: nobody knows who asked them. */
  readonly unread: number;
}

/** Token requests that the NMI pods of a cluster have logged lately; none where there is no NMI any more. */
async function tokenRequests(
  kube: KubeApi,
  { since: lookedAt, asOf: until }: CheckSoakInput,
): Promise<Asked> {
  const sets = (await kube.list('/apis/apps/v1/daemonsets')) ?? [];
  const nmi = sets.find((one) =>
    /aad-pod-identity\/nmi[:@]/.test(JSON.stringify(objectAt(one, 'spec', 'template', 'spec'))),
  );
  if (!nmi) return { requests: [], unread: 0 };
  const namespace = textIn(objectAt(nmi, 'metadata')['namespace']);
  const pods = (await kube.list(podsPath(namespace))) ?? [];
  const seconds = Math.ceil((Date.parse(until) - Date.parse(lookedAt)) / 1000) + toleranceSeconds;
  const { logs, unread } = await readNmiLogs(kube, pods, seconds);
  const since = new Date(Date.parse(until) - seconds * 1000).toISOString();
  const requests = Object.values(logs).flatMap((log) => loggedRequests(log, { since, until }));
  return { requests, unread: unread.length };
}

import type { KubeApi } from '../../clients/kubernetes/kube-api';
import type { Records } from '../../clients/records/records';
import { clusterKey } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import { refText } from '../../domain/migration/ledger';
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
import { nmiRequests } from './nmi-requests';
import type { NmiRequests } from './nmi-requests';
import { approvedPlan } from './plans';
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
    const asked = await nmiRequests(kube, clients.records, input);
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
  readonly asked: NmiRequests;
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
    readonly asked: NmiRequests;
  },
) {
  const { workload, since } = place;
  const { namespace, name, kind } = workload;
  const selector = encodeURIComponent(selectorText(object));
  const pods =
    kind === 'CronJob' ? [] : await kube.list(`${podsPath(namespace)}?labelSelector=${selector}`);
  const askedNmi = new Set(
    place.asked.logged.filter(({ at }) => at >= since).map(({ podIp }) => podIp),
  );
  const events = await eventsSince(kube, { namespace, name }, since);
  const inDoubt = place.asked.doubtsOf(namespace);
  return { object, pods: pods ?? [], events, askedNmi, inDoubt, since };
}

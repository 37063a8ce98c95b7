import type {
  ClusterRecord,
  EventRecord,
  MigrationWorkloadRecord,
  RunRecord,
  SweepRecord,
} from '../records';
import type { WaitReason } from '../progress';
import { version } from '../version';
import type { Family, Labels } from './exposition';
import { Tally } from './tally';

const dayMs = 86_400_000;

/** Every reason, also those for which nobody waits right now. */
const reasons: Readonly<Record<WaitReason, true>> = {
  concurrency: true,
  'rbac-propagation': true,
  'feature-registering': true,
  'operation-in-progress': true,
  dependency: true,
  soak: true,
};

const accepted = { source: 'event-grid', result: 'accepted' };
const statuses: readonly ClusterRecord['status'][] = ['ok', 'drift', 'failed'];
const modes: readonly RunRecord['mode'][] = ['report', 'apply'];
const ends: readonly RunRecord['state'][] = ['succeeded', 'failed'];

/** Figures of the fleet as a whole, from the records of its clusters, one after the other. */
export class FleetFigures {
  readonly #clusters = new Tally(statuses.map((status) => ({ status })));
  readonly #findings = new Tally();
  readonly #expiring = new Tally([{ days: '14' }, { days: '3' }]);
  readonly #now: number;

  constructor(asOf: Date) {
    this.#now = asOf.getTime();
  }

  add({ status, findings, podIdentityAcceptedUntil }: ClusterRecord): void {
    this.#clusters.add({ status });
    for (const { rule, severity } of findings) this.#findings.add({ rule, severity });
    if (podIdentityAcceptedUntil === undefined) return;
    const daysLeft = (Date.parse(podIdentityAcceptedUntil) + dayMs - this.#now) / dayMs;
    for (const days of [14, 3]) {
      if (daysLeft > 0 && daysLeft <= days) this.#expiring.add({ days: String(days) });
    }
  }

  families(): readonly Family[] {
    return [
      gauge('steward_clusters', 'Clusters that Steward knows.', this.#clusters),
      gauge('steward_findings_open', 'Violations at the last evaluation.', this.#findings),
      gauge(
        'steward_exemptions_expiring',
        'Clusters whose accepted use of pod identity ends within so many days.',
        this.#expiring,
      ),
    ];
  }
}

/** The same of each cluster by itself. */
export class ClusterFigures {
  readonly #clusters = new Tally();
  readonly #findings = new Tally();

  add({ id, name, status, findings }: ClusterRecord): void {
    const cluster = { cluster: id, name };
    this.#clusters.add({ ...cluster, status });
    for (const { severity } of findings) this.#findings.add({ ...cluster, severity });
  }

  families(): readonly Family[] {
    return [
      gauge('steward_clusters', 'Clusters that Steward knows.', this.#clusters),
      gauge('steward_findings_open', 'Violations at the last evaluation.', this.#findings),
    ];
  }
}

export class RunFigures {
  readonly #ended = new Tally(modes.flatMap((kind) => ends.map((state) => ({ kind, state }))));
  readonly queued: RunRecord[] = [];

  add(run: RunRecord): void {
    if (run.state === 'queued') this.queued.push(run);
    else this.#ended.add({ kind: run.mode, state: run.state });
  }

  families(): readonly Family[] {
    return [counter('steward_runs', 'Runs that have ended.', this.#ended)];
  }
}

/** Workloads that migrations know of. Several may know the same one: what was noted last counts. */
export class WorkloadFigures {
  readonly #last = new Map<string, MigrationWorkloadRecord>();

  add(record: MigrationWorkloadRecord): void {
    const { clusterId, workload } = record;
    const key = [clusterId, workload.kind, workload.namespace, workload.name].join(' ');
    const known = this.#last.get(key);
    if (!known || known.since <= record.since) this.#last.set(key, record);
  }

  families(): readonly Family[] {
    const left = new Tally();
    for (const { state } of this.#last.values()) if (state !== 'migrated') left.add({ state });
    return [gauge('steward_workloads_pod_identity', 'Workloads that are not migrated yet.', left)];
  }
}

export class EventFigures {
  readonly #events = new Tally([accepted]);

  add({ state }: EventRecord): void {
    if (state === 'started') this.#events.add(accepted);
  }

  families(): readonly Family[] {
    return [counter('steward_events', 'Events that led to an evaluation.', this.#events)];
  }
}

export function waitFamilies(waiting: readonly WaitReason[]): readonly Family[] {
  const waits = new Tally(Object.keys(reasons).map((reason) => ({ reason })));
  for (const reason of waiting) waits.add({ reason });
  return [gauge('steward_waiting', 'Runs that wait, by what they wait for.', waits)];
}

export function sweepFamilies({ startedAt, endedAt }: SweepRecord): readonly Family[] {
  const ended = Date.parse(endedAt) / 1000;
  const seconds = Math.max(0, ended - Date.parse(startedAt) / 1000);
  const scope = { scope: 'fleet' };
  return [
    gauge(
      'steward_sweep_last_success_timestamp_seconds',
      'When the last sweep came to its end.',
      one(scope, ended),
    ),
    gauge('steward_sweep_duration_seconds', 'How long the last sweep took.', one(scope, seconds)),
  ];
}

/** About the answer itself. @param counted whether all records of a kind were. */
export function ownFamilies(
  counted: Readonly<Record<string, boolean>>,
  enabled: boolean,
): readonly Family[] {
  const incomplete = new Tally();
  for (const [kind, all] of Object.entries(counted)) incomplete.add({ kind }, all ? 0 : 1);
  return [
    gauge('steward_build_info', 'The version of the app.', one({ version })),
    gauge('steward_killswitch', 'Whether Steward is switched off.', one({}, enabled ? 0 : 1)),
    gauge(
      'steward_metrics_incomplete',
      'Whether there are too many records of a kind to count them: their figures are left out.',
      incomplete,
    ),
  ];
}

function one(labels: Labels, value = 1): Tally {
  const tally = new Tally();
  tally.add(labels, value);
  return tally;
}

function gauge(name: string, help: string, tally: Tally): Family {
  return { name, type: 'gauge', help, samples: tally.samples() };
}

function counter(name: string, help: string, tally: Tally): Family {
  return { name, type: 'counter', help, samples: tally.samples() };
}

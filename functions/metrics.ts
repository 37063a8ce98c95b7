import type { HttpRequest } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { expose, formatFor, mediaTypes } from '../domain/metrics/exposition';
import type { Family } from '../domain/metrics/exposition';
import {
  ClusterFigures,
  EventFigures,
  FleetFigures,
  RunFigures,
  WorkloadFigures,
  ownFamilies,
  sweepFamilies,
  waitFamilies,
} from '../domain/metrics/fleet';
import type { RecordKind, RecordTypes } from '../domain/records';
import type { Reply } from './http';
import { Problem } from './problem';
import { waitsOf } from './run-waits';
import type { RecordAccess, Services } from './services';

// Of each kind: twenty pages are read at most, however long Steward has been at work.
const pageSize = 1000;
const mostRecords = 20 * pageSize;
const mostClusters = 200;

/**
 * `GET /api/v1/metrics`: what is stored, as figures, in Prometheus text or OpenMetrics; any process gives the same answer.
 * `?per=cluster` tells clusters apart, as long as there are not too many.
 */
export async function getMetrics(
  request: HttpRequest,
  client: DurableClient,
  { records, enabled }: Services,
): Promise<Reply> {
  const per = request.query.get('per');
  if (per !== null && per !== 'cluster') {
    throw new Problem('validation-failed', `per is '${per}'; it can only be 'cluster'.`);
  }
  const families =
    per === null ? await ofFleet(records, client, enabled) : await ofClusters(records);
  const format = formatFor(request.headers.get('accept') ?? '');
  return {
    headers: { 'content-type': mediaTypes[format], vary: 'accept' },
    body: expose(families, format),
  };
}

async function ofFleet(
  records: RecordAccess,
  client: DurableClient,
  enabled: boolean,
): Promise<readonly Family[]> {
  const clusters = new FleetFigures(new Date());
  const runs = new RunFigures();
  const workloads = new WorkloadFigures();
  const events = new EventFigures();
  const all = {
    cluster: await addAll(records, { kind: 'cluster' }, clusters),
    run: await addAll(records, { kind: 'run' }, runs),
    migrationWorkload: await addAll(records, { kind: 'migrationWorkload' }, workloads),
    event: await addAll(records, { kind: 'event' }, events),
  };
  const sweep = await records.get('sweep', 'fleet');
  return [
    ...(all.cluster ? clusters.families() : []),
    ...(all.run ? [...runs.families(), ...waitFamilies(await waitsOf(runs.queued, client))] : []),
    ...(all.migrationWorkload ? workloads.families() : []),
    ...(all.event ? events.families() : []),
    ...(sweep ? sweepFamilies(sweep.value) : []),
    ...ownFamilies(all, enabled),
  ];
}

async function ofClusters(records: RecordAccess): Promise<readonly Family[]> {
  const clusters = new ClusterFigures();
  if (await addAll(records, { kind: 'cluster', most: mostClusters }, clusters)) {
    return clusters.families();
  }
  const detail = `There are more than ${mostClusters} clusters: take the figures of the fleet, without per.`;
  throw new Problem('validation-failed', detail);
}

/** @returns whether these were all: a kind of which there are too many is not counted. */
async function addAll<K extends RecordKind>(
  records: RecordAccess,
  { kind, most = mostRecords }: { readonly kind: K; readonly most?: number },
  figures: { add(record: RecordTypes[K]): void },
): Promise<boolean> {
  let after: string | undefined;
  let seen = 0;
  do {
    const page = { limit: Math.min(pageSize, most), ...(after !== undefined && { after }) };
    const { items, next } = await records.list(kind, page);
    for (const item of items) figures.add(item);
    seen += items.length;
    after = next;
  } while (after !== undefined && seen < most);
  return after === undefined;
}

import { gunzipSync, gzipSync } from 'node:zlib';

import type { Records } from '../clients/records/records';
import { clusterKey } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import type {
  ClusterContent,
  FleetReading,
  Json,
  MigrationSnapshot,
} from '../domain/migration/snapshot';
import type { NmiReading } from '../domain/migration/nmi-silence';
import { joinSnapshot } from '../domain/migration/survey';

/**
 * What a survey read is too much for the history of a run: it lies in the store, compressed and in pieces that every
 * kind of store takes. A part is overwritten when it is read again.
 */
export interface SurveyPart {
  readonly surveyId: string;
  /** Absent for what is about the fleet. */
  readonly clusterId?: ClusterId;
  readonly name: string;
}

/** The last part of a cluster: that it is there says that all others are. */
export interface ClusterSummary {
  readonly serverVersion: string;
  /** Names of the parts with objects. */
  readonly parts: readonly string[];
}

// Characters: what the smallest of the stores takes as one value, with room for the rest of the record.
const pieceLength = 192 * 1024;

export async function storePart(records: Records, part: SurveyPart, value: unknown): Promise<void> {
  const text = gzipSync(JSON.stringify(value)).toString('base64');
  const pieces = Math.max(1, Math.ceil(text.length / pieceLength));
  for (let number = 0; number < pieces; number += 1) {
    const id = pieceId(part, number);
    const gzip = text.slice(number * pieceLength, (number + 1) * pieceLength);
    await records.put('surveyPiece', id, { id, pieces, gzip });
  }
  await removePieces(records, part, pieces); // of what was there before, and was longer
}

/** @returns undefined when it was not stored, or not to its end. */
export async function loadPart(records: Records, part: SurveyPart): Promise<unknown> {
  const texts: string[] = [];
  for (let number = 0, pieces = 1; number < pieces; number += 1) {
    const piece = await records.get('surveyPiece', pieceId(part, number));
    if (piece === undefined) return undefined;
    texts.push(piece.value.gzip);
    pieces = piece.value.pieces;
  }
  return JSON.parse(gunzipSync(Buffer.from(texts.join(''), 'base64')).toString()) as unknown;
}

/** Objects of some parts of a cluster; nothing for parts that were not stored. */
export async function loadObjects(
  records: Records,
  of: Omit<SurveyPart, 'name'>,
  names: readonly string[],
): Promise<readonly Json[]> {
  const found: Json[] = [];
  for (const name of names) {
    found.push(...(((await loadPart(records, { ...of, name })) ?? []) as readonly Json[]));
  }
  return found;
}

/**
 * What a survey has read, as a plan is made from it.
 *
 * @param clusterIds those that the survey was made of; one that was not read to its end is left out.
 * @throws FailureError `NotFound` for a survey that is not there, or without its part about the fleet.
 */
export async function loadSurvey(
  records: Records,
  surveyId: string,
  clusterIds: readonly ClusterId[],
): Promise<MigrationSnapshot> {
  const fleet = (await loadPart(records, { surveyId, name: 'fleet' })) as FleetReading | undefined;
  if (fleet === undefined) throw noSurvey(surveyId);
  const contents: (readonly [string, ClusterContent])[] = [];
  for (const clusterId of clusterIds) {
    const content = await loadContent(records, { surveyId, clusterId });
    if (content) contents.push([clusterId, content]);
  }
  return joinSnapshot(fleet, contents);
}

async function loadContent(
  records: Records,
  of: Required<Omit<SurveyPart, 'name'>>,
): Promise<ClusterContent | undefined> {
  const summary = (await loadPart(records, { ...of, name: 'summary' })) as
    ClusterSummary | undefined;
  if (summary === undefined) return undefined;
  const { serverVersion, parts } = summary;
  const objects = await loadObjects(records, of, parts);
  const podLogs = (await loadPart(records, { ...of, name: 'logs' })) as ClusterContent['podLogs'];
  const counts = (await loadPart(records, { ...of, name: 'counts' })) as NmiReading | undefined;
  return {
    serverVersion,
    objects,
    ...(podLogs && { podLogs }),
    ...(counts && { nmiCounts: counts }),
  };
}

/** Removes what a survey has stored of clusters, and of the fleet. */
export async function forgetSurvey(
  records: Records,
  surveyId: string,
  clusterIds: readonly ClusterId[],
): Promise<void> {
  await removePieces(records, { surveyId, name: 'fleet' }, 0);
  for (const clusterId of clusterIds) {
    const summary = { surveyId, clusterId, name: 'summary' };
    const { parts = [] } = ((await loadPart(records, summary)) ?? {}) as Partial<ClusterSummary>;
    for (const name of [...parts, 'logs', 'counts', 'summary']) {
      await removePieces(records, { surveyId, clusterId, name }, 0);
    }
  }
}

async function removePieces(records: Records, part: SurveyPart, from: number): Promise<void> {
  for (let number = from; ; number += 1) {
    const id = pieceId(part, number);
    if ((await records.get('surveyPiece', id)) === undefined) return;
    await records.remove('surveyPiece', id);
  }
}

function pieceId({ surveyId, clusterId, name }: SurveyPart, number: number): string {
  const about = clusterId === undefined ? 'fleet' : clusterKey(clusterId);
  return `${surveyId}.${about}.${name}.${number}`;
}

function noSurvey(surveyId: string): FailureError {
  return new FailureError({
    code: 'NotFound',
    message: `There is no complete survey ${surveyId}.`,
    next: 'Begin a new survey of the clusters.',
  });
}

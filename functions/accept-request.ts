import { createHash } from 'node:crypto';

import type { HttpRequest } from '@azure/functions';

import { clusterIdParts } from '../domain/ids';
import type { StartRecord } from '../domain/records';
import type { Reply } from './http';
import type { OnboardingRequest } from './onboarding-request';
import { Problem } from './problem';
import { acceptStart, newStart, startFleet, withdrawStart } from './run-start';
import type { Means } from './run-start';

/** What has been understood of a request, and what still has to be asked about it. */
export interface Understood {
  readonly wanted: OnboardingRequest;
  /** @throws Problem for what cannot be accepted; asked once, before anything is written down. */
  readonly requireKnown: () => Promise<void>;
  /** What people are told beside the answer. */
  readonly notes?: readonly string[];
}

/**
 * Accepts a request once: each of its clusters has a run then. With an `Idempotency-Key` a repeated request accepts
 * nothing new, and one that was cut off by a crash is completed.
 *
 * @throws Problem `run-active` when a change that cannot join another run finds its cluster busy; it leaves no trace.
 */
export async function acceptRequest(
  request: HttpRequest,
  understood: Understood,
  means: Means,
): Promise<Reply> {
  const { wanted, requireKnown } = understood;
  const { records } = means.services;
  const key = idempotencyKey(request);
  if (key === undefined) {
    await requireKnown();
    return accept(newStart(wanted), understood, means);
  }

  const id = hash(key);
  const bodyHash = hash(JSON.stringify(wanted));
  const start = newStart(wanted, id);
  const earlier = await records.get('request', id);
  if (!earlier) {
    await requireKnown();
    const { fleetId, runIds } = start;
    await records.insert('request', id, { bodyHash, fleetId, runIds });
  }
  // Of two requests at the same moment one has inserted its ids; both go on with those.
  const stored = (earlier ?? (await records.get('request', id)))?.value;
  if (!stored) throw new Problem('internal', 'The request was stored but cannot be found.');
  if (stored.bodyHash !== bodyHash) {
    throw new Problem('idempotency-key-reused', 'Use a new key for a new request.');
  }
  const { fleetId, runIds, answer } = stored;
  const reply = answer
    ? accepted(understood, answer)
    : await accept({ ...start, fleetId, runIds }, understood, means);
  return earlier
    ? { ...reply, headers: { ...reply.headers, 'idempotent-replayed': 'true' } }
    : reply;
}

async function accept(start: StartRecord, understood: Understood, means: Means): Promise<Reply> {
  const claims = await acceptStart(start, means);
  if (claims.refusedBy !== undefined) {
    await withdrawStart(start, means);
    throw new Problem(
      'run-active',
      `${claims.refusedBy} is changing the cluster. Ask again when it has ended.`,
    );
  }
  return { ...accepted(understood, claims.runIds), afterwards: () => startFleet(claims, means) };
}

/** Refuses clusters in subscriptions that Steward does not look after. */
export function isForeign(id: Parameters<typeof clusterIdParts>[0], { services }: Means): boolean {
  return !services.subscriptions.includes(clusterIdParts(id).subscriptionId);
}

function idempotencyKey(request: HttpRequest): string | undefined {
  const key = request.headers.get('idempotency-key');
  if (key === null) return undefined;
  if (!/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new Problem(
      'validation-failed',
      'Idempotency-Key must be 1 to 128 printable characters.',
    );
  }
  return key;
}

function accepted({ wanted, notes = [] }: Understood, runIds: readonly string[]): Reply {
  const runs = wanted.clusters.map(({ armId }, i) => ({
    cluster: armId,
    id: runIds[i],
    location: `/api/v1/runs/${runIds[i] ?? ''}`,
  }));
  const [only] = runs;
  return {
    status: 202,
    headers: {
      'retry-after': '5',
      ...(runs.length === 1 && only && { location: only.location }),
    },
    jsonBody: { runs, ...(notes.length > 0 && { notes }) },
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

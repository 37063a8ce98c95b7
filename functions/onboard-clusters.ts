import { createHash } from 'node:crypto';

import type { HttpRequest } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { clusterIdParts } from '../domain/ids';
import type { StartRecord } from '../domain/records';
import { jsonBody } from './http';
import type { Reply } from './http';
import { parseOnboardingRequest } from './onboarding-request';
import type { OnboardingRequest } from './onboarding-request';
import { Problem } from './problem';
import { acceptStart, newStart, startFleet } from './run-start';
import type { Means } from './run-start';
import type { Services } from './services';

/**
 * `POST /api/v1/clusters`: onboards clusters, or creates one. Everything is checked before anything is accepted; then
 * each cluster has a run, its own or the one that is already changing it. The answer waits until that
 * is written down, not until the runs have begun: see {@link acceptStart}. With an `Idempotency-Key` a
 * repeated request accepts nothing new, and one that was cut off by a crash is completed.
 */
export async function onboardClusters(
  request: HttpRequest,
  client: DurableClient,
  services: Services,
): Promise<Reply> {
  const key = idempotencyKey(request);
  const wanted = parseOnboardingRequest(await jsonBody(request));
  const means = { client, services };
  if (key === undefined) {
    await requireKnown(wanted, services);
    return accept(newStart(wanted), means);
  }

  const id = hash(key);
  const bodyHash = hash(JSON.stringify(wanted));
  const start = newStart(wanted, id);
  const earlier = await services.records.get('request', id);
  if (!earlier) {
    await requireKnown(wanted, services);
    const { fleetId, runIds } = start;
    await services.records.insert('request', id, { bodyHash, fleetId, runIds });
  }
  // Of two requests at the same moment one has inserted its ids; both go on with those.
  const stored = (earlier ?? (await services.records.get('request', id)))?.value;
  if (!stored) throw new Problem('internal', 'The request was stored but cannot be found.');
  if (stored.bodyHash !== bodyHash) {
    throw new Problem('idempotency-key-reused', 'Use a new key for a new request.');
  }
  const { fleetId, runIds, answer } = stored;
  const reply = answer
    ? accepted(wanted, answer)
    : await accept({ ...start, fleetId, runIds }, means);
  return earlier
    ? { ...reply, headers: { ...reply.headers, 'idempotent-replayed': 'true' } }
    : reply;
}

async function accept(start: StartRecord, means: Means): Promise<Reply> {
  const claims = await acceptStart(start, means);
  return { ...accepted(start, claims.runIds), afterwards: () => startFleet(claims, means) };
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

/** Refuses clusters that are out of scope or do not exist. */
async function requireKnown(wanted: OnboardingRequest, services: Services): Promise<void> {
  const foreign = problems(wanted, 'out-of-scope', ({ id }) =>
    services.subscriptions.includes(clusterIdParts(id).subscriptionId)
      ? undefined
      : 'is in a subscription that Steward does not look after',
  );
  if (foreign) throw foreign;

  const present = wanted.clusters.filter(({ create }) => !create);
  if (present.length === 0) return;
  const existing = await services.existing(present.map(({ id }) => id));
  const unknown = problems(wanted, 'not-found', ({ id, create }) =>
    create !== undefined || existing.has(id)
      ? undefined
      : 'does not exist, or Steward may not read it',
  );
  if (unknown) throw unknown;
}

function problems(
  { clusters }: OnboardingRequest,
  code: string,
  check: (cluster: OnboardingRequest['clusters'][number]) => string | undefined,
): Problem | undefined {
  const errors = clusters.flatMap((cluster, i) => {
    const message = check(cluster);
    const pointer = cluster.create ? '/create/cluster' : `/clusters/${i}`;
    return message === undefined ? [] : [{ pointer, code, message }];
  });
  if (errors.length === 0) return undefined;
  const detail = `${errors.length} of ${clusters.length} entries of clusters cannot be onboarded.`;
  return new Problem('validation-failed', detail, errors);
}

function accepted(
  { clusters }: Pick<OnboardingRequest, 'clusters'>,
  runIds: readonly string[],
): Reply {
  const runs = clusters.map(({ armId }, i) => ({
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
    jsonBody: { runs },
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

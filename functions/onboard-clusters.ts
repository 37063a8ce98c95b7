import type { HttpRequest } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { acceptRequest, isForeign } from './accept-request';
import { jsonBody } from './http';
import type { Reply } from './http';
import { parseOnboardingRequest } from './onboarding-request';
import type { OnboardingRequest } from './onboarding-request';
import { Problem } from './problem';
import type { Means } from './run-start';
import type { Services } from './services';

/**
 * `POST /api/v1/clusters`: onboards clusters, or creates one. Everything is checked before anything is accepted; then
 * each cluster has a run, its own or the one that is already changing it. The answer waits until that
 * is written down, not until the runs have begun: see `acceptStart`.
 */
export async function onboardClusters(
  request: HttpRequest,
  client: DurableClient,
  services: Services,
): Promise<Reply> {
  const wanted = parseOnboardingRequest(await jsonBody(request));
  const means = { client, services };
  const understood = { wanted, requireKnown: () => requireKnown(wanted, means) };
  return acceptRequest(request, understood, means);
}

/** Refuses clusters that are out of scope or do not exist. */
async function requireKnown(wanted: OnboardingRequest, means: Means): Promise<void> {
  const foreign = problems(wanted, 'out-of-scope', ({ id }) =>
    isForeign(id, means) ? 'is in a subscription that Steward does not look after' : undefined,
  );
  if (foreign) throw foreign;

  const present = wanted.clusters.filter(({ create }) => !create);
  if (present.length === 0) return;
  const existing = await means.services.existing(present.map(({ id }) => id));
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

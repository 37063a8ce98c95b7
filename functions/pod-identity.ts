import type { HttpRequest } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import * as z from 'zod';

import type { ClusterRecord } from '../domain/records';
import { changes, notesOn } from '../domain/pod-identity/change';
import type { ChangeKind, PodIdentityChange } from '../domain/pod-identity/change';
import { acceptRequest, isForeign } from './accept-request';
import { requireFuture } from './future-day';
import { jsonBody } from './http';
import type { Reply } from './http';
import { mode } from './onboarding-request';
import type { OnboardingRequest } from './onboarding-request';
import { Problem } from './problem';
import { shapeProblem } from './shape-problem';
import type { Services } from './services';

/** Changes by the path that they have below `pod-identity`. */
const paths: Readonly<Record<string, ChangeKind>> = {
  enable: 'enable',
  disable: 'disable',
  add: 'add',
  update: 'update',
  delete: 'delete',
};
const exceptionPaths: Readonly<Record<string, ChangeKind>> = {
  add: 'addException',
  update: 'updateException',
  delete: 'deleteException',
};

type Trigger = (request: HttpRequest, client: DurableClient, services: Services) => Promise<Reply>;

/**
 * `POST /api/v1/clusters/{id}/pod-identity/{action}`: `enable`, `disable`, `add`, `update` or `delete`. As with
 * onboarding, a run makes a plan with its side effects, and mode `apply` carries that out. While another run changes
 * the cluster the answer is 409: a change cannot join somebody else's run.
 */
export const changePodIdentity: Trigger = changing(paths);

/** `POST /api/v1/clusters/{id}/pod-identity/exceptions/{action}`: `add`, `update` or `delete`. */
export const changeExceptions: Trigger = changing(exceptionPaths);

function changing(known: Readonly<Record<string, ChangeKind>>): Trigger {
  return async (request, client, services) => {
    const action = request.params['action'] ?? '';
    const kind = Object.hasOwn(known, action) ? known[action] : undefined;
    if (!kind) {
      const names = Object.keys(known).join(', ');
      throw new Problem('not-found', `There is no action ${action}; there are ${names}.`);
    }
    const { change, mode: wantedMode } = parseChange(kind, await jsonBody(request));
    const { clusterId: id, armId } = await clusterOf(request, services);
    const clusters = [{ id, armId, podIdentity: change }];
    const wanted: OnboardingRequest = { clusters, mode: wantedMode };
    const means = { client, services };
    const requireKnown = async () => {
      if (isForeign(id, means) || !(await services.existing([id])).has(id)) throw gone(armId);
    };
    return acceptRequest(request, { wanted, requireKnown, notes: notesOn(change) }, means);
  };
}

async function clusterOf(request: HttpRequest, { records }: Services): Promise<ClusterRecord> {
  const id = request.params['id'] ?? '';
  const found = await records.get('cluster', id);
  if (!found) throw new Problem('not-found', `Steward knows no cluster ${id}.`);
  return found.value;
}

function gone(armId: string): Problem {
  return new Problem('not-found', `${armId} does not exist any more, or Steward may not read it.`);
}

function parseChange(
  kind: ChangeKind,
  body: unknown,
): { readonly change: PodIdentityChange; readonly mode: OnboardingRequest['mode'] } {
  const shape = z.strictObject({ ...changes[kind].shape, mode });
  const parsed = shape.safeParse(body);
  if (!parsed.success) throw shapeProblem(parsed.error);
  const { mode: wantedMode, ...rest } = parsed.data;
  const change = { kind, ...rest } as PodIdentityChange;
  if (change.kind === 'enable') requireFuture(change.expires);
  return { change, mode: wantedMode };
}

import { randomBytes } from 'node:crypto';

import type { HttpRequest } from '@azure/functions';
import type { DurableClient, DurableOrchestrationStatus } from 'durable-functions';
import * as z from 'zod';

import { sortableId } from '../domain/ids';
import type { Outcome } from '../domain/outcome';
import { jsonBody } from './http';
import type { Reply } from './http';
import { findInstance, isLive, startEver } from './instances';
import { Problem } from './problem';
import type { Services } from './services';
import { shapeProblem } from './shape-problem';

const Wanted = z.strictObject({
  namespace: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  name: z.string().regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/),
});

/** `POST /api/v1/clusters/{id}/pod-identity-proofs`: lets a demo workload ask for a token of a pod identity. */
export async function startProof(
  request: HttpRequest,
  client: DurableClient,
  { records }: Services,
): Promise<Reply> {
  const parsed = Wanted.safeParse(await jsonBody(request));
  if (!parsed.success) throw shapeProblem(parsed.error);
  const id = request.params['id'] ?? '';
  const cluster = await records.get('cluster', id);
  if (!cluster) throw new Problem('not-found', `Steward knows no cluster ${id}.`);
  const proof = sortableId('proof', Date.now(), randomBytes(10));
  const input = { clusterId: cluster.value.clusterId, ...parsed.data };
  await startEver(client, { orchestration: 'provePodIdentity', instanceId: proof, input });
  const location = `/api/v1/clusters/${id}/pod-identity-proofs/${proof}`;
  const headers = { location, 'retry-after': '5' };
  return { status: 202, headers, jsonBody: { id: proof, location } };
}

/** `GET /api/v1/clusters/{id}/pod-identity-proofs/{proof}` */
export async function getProof(request: HttpRequest, client: DurableClient): Promise<Reply> {
  const id = request.params['proof'] ?? '';
  const instance = id.startsWith('proof_') ? await findInstance(client, id) : undefined;
  if (!instance) throw new Problem('not-found', `There is no proof ${id}.`);
  if (isLive(instance)) {
    return { headers: { 'retry-after': '5' }, jsonBody: { id, state: 'running' } };
  }
  return { jsonBody: { id, ...endOf(instance) } };
}

function endOf({ output }: DurableOrchestrationStatus): object {
  const outcome = output as Outcome<{ readonly proof: string }> | null;
  if (outcome?.ok === true) return { state: 'succeeded', proof: outcome.value.proof };
  return { state: 'failed', failure: outcome?.failure ?? null };
}

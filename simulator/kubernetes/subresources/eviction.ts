import { at, objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeAnswer } from '../kube-request';
import { nameOf } from '../object-parts';
import type { KubeObject } from '../resource-table';
import { matchesSelector } from '../selectors';
import { objectFailure } from '../status';
import { notAllowed, writeContext } from '../stored-api';
import { deleteObject } from '../writes/delete-object';
import { deleteOptionsIn, isDryRun } from '../writes/requested';
import type { SubresourceRequest } from './subresource-request';

/** Deletes a pod unless a disruption budget forbids it, and counts it against that budget. */
export function evict(asked: SubresourceRequest): KubeAnswer {
  const { request, object: pod } = asked;
  if (request.method !== 'POST') return notAllowed();
  const budgets = isDone(pod) ? [] : budgetsOf(asked);
  if (budgets.length > 1) {
    return objectFailure(
      500,
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      { details: {} },
    );
  }
  const [budget] = budgets;
  const refused = budget && refusal(asked, budget);
  if (refused) return refused;
  const context = {
    ...writeContext(asked),
    dryRun: isDryRun(request) || dryRunInBody(request.body),
  };
  const options = objectAt(deleteOptionsIn(request), 'deleteOptions');
  const written = deleteObject(context, pod, options);
  if ('refused' in written) return written.refused;
  if (budget && !context.dryRun) spend(asked, budget);
  return {
    status: 201,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
  };
}

function dryRunInBody(body: string): boolean {
  return /"dryRun":\s*\[\s*"All"/.test(body);
}

function isDone(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed', 'Pending'].includes(textAt(pod, 'status', 'phase') ?? 'Pending');
}

function budgetsOf({ world, cluster, namespace = '', object: pod }: SubresourceRequest) {
  const resource = 'poddisruptionbudgets.policy';
  return world.objects
    .list({ cluster: cluster.id, resource, namespace })
    .filter((budget) => matchesSelector(pod, objectAt(budget, 'spec', 'selector')));
}

function refusal(asked: SubresourceRequest, budget: KubeObject): KubeAnswer | undefined {
  const { allowed, wanted, healthy } = countsOf(asked, budget);
  if (allowed > 0) return undefined;
  const message = `The disruption budget ${nameOf(budget)} needs ${wanted} healthy pods and has ${healthy} currently`;
  const details: JsonObject = { causes: [{ reason: 'DisruptionBudget', message }] };
  return objectFailure(429, "Cannot evict pod as it would violate the pod's disruption budget.", {
    reason: 'TooManyRequests',
    details,
  });
}

interface Counts {
  readonly allowed: number;
  readonly wanted: number;
  readonly healthy: number;
}

/** What the disruption controller has counted; without its status the pods are counted here. */
function countsOf(asked: SubresourceRequest, budget: KubeObject): Counts {
  const status = objectAt(budget, 'status');
  if (status['disruptionsAllowed'] !== undefined) {
    return {
      allowed: Number(status['disruptionsAllowed']),
      wanted: Number(status['desiredHealthy'] ?? 0),
      healthy: Number(status['currentHealthy'] ?? 0),
    };
  }
  const { world, cluster, namespace = '' } = asked;
  const pods = world.objects
    .list({ cluster: cluster.id, resource: 'pods', namespace })
    .filter((pod) => matchesSelector(pod, objectAt(budget, 'spec', 'selector')));
  const healthy = pods.filter(isReady).length;
  const { minAvailable, maxUnavailable } = objectAt(budget, 'spec');
  const wanted =
    minAvailable === undefined
      ? pods.length - share(maxUnavailable, pods.length)
      : share(minAvailable, pods.length);
  return { allowed: healthy - wanted, wanted, healthy };
}

/** A number, or a percentage of the pods rounded up. */
function share(value: unknown, of: number): number {
  const [, percent] = /^(\d+)%$/.exec(typeof value === 'string' ? value : '') ?? [];
  return percent === undefined ? Number(value ?? 0) : Math.ceil((Number(percent) / 100) * of);
}

function isReady(pod: KubeObject): boolean {
  return objectsAt(pod, 'status', 'conditions').some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
}

/** One disruption less is allowed until the controller counts anew. */
function spend({ world, cluster, namespace = '' }: SubresourceRequest, budget: KubeObject): void {
  const allowed = at(budget, 'status', 'disruptionsAllowed');
  if (typeof allowed !== 'number') return;
  const status = { ...objectAt(budget, 'status'), disruptionsAllowed: allowed - 1 };
  const address = {
    cluster: cluster.id,
    resource: 'poddisruptionbudgets.policy',
    namespace,
    name: nameOf(budget),
  };
  world.objects.put(address, { ...budget, status });
}

import type { HttpRequest } from '@azure/functions';

import { toKebabCase } from '../domain/outcome';
import type { PlanRecord } from '../domain/records';
import { pageBody, pageOf } from './http';
import type { Reply } from './http';
import { Problem } from './problem';
import type { Services } from './services';

/** `GET /api/v1/plans`: oldest first. */
export async function listPlans(request: HttpRequest, { records }: Services): Promise<Reply> {
  const { items, next } = await records.list('plan', pageOf(request));
  return { jsonBody: pageBody(items.map(view), next) };
}

/** `GET /api/v1/plans/{id}` */
export async function getPlan(request: HttpRequest, { records }: Services): Promise<Reply> {
  const id = request.params['id'] ?? '';
  const found = await records.get('plan', id);
  if (!found) throw new Problem('not-found', `There is no plan ${id}.`);
  return { jsonBody: view(found.value) };
}

function view({ clusterId: _canonical, armId, steps, blockers, ...plan }: PlanRecord): object {
  return {
    ...plan,
    cluster: armId,
    summary: {
      steps: steps.length,
      irreversible: steps.filter(({ reversible }) => !reversible).length,
      nodesReimaged: steps.reduce((sum, step) => sum + nodesOf(step), 0),
      minutes: steps.reduce((sum, { minutes }) => sum + minutes, 0),
    },
    steps: steps.map((step, i) => ({ n: i + 1, ...step })),
    blockers: blockers.map((blocker) => ({ ...blocker, code: toKebabCase(blocker.code) })),
  };
}

function nodesOf(step: PlanRecord['steps'][number]): number {
  return step.kind === 'rollNodeImages' ? step.pools.reduce((sum, { nodes }) => sum + nodes, 0) : 0;
}

import * as z from 'zod';

import { toClusterId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { RunMode } from '../domain/records';
import { Problem } from './problem';
import type { ProblemDetail } from './problem';

export interface OnboardingRequest {
  readonly clusters: readonly { readonly id: ClusterId; readonly armId: string }[];
  readonly mode: RunMode;
}

const Body = z.strictObject({
  clusters: z.array(z.string().max(512)).min(1).max(1000),
  mode: z.enum(['report', 'apply']).default('report'),
});

/** Reads the body of an onboarding request. @throws Problem that points at every wrong member. */
export function parseOnboardingRequest(body: unknown): OnboardingRequest {
  const parsed = Body.safeParse(body);
  if (!parsed.success) throw shapeProblem(parsed.error);
  const { clusters, mode } = parsed.data;
  const errors: ProblemDetail[] = [];
  const seen = new Map<ClusterId, number>();
  const ids = clusters.flatMap((armId, i) => {
    const id = toClusterId(armId);
    const wrong = id ? duplicate(seen, id, i) : notACluster;
    if (wrong) errors.push({ pointer: `/clusters/${i}`, ...wrong });
    return id ? [{ id, armId: armId.replace(/\/$/, '') }] : [];
  });
  if (errors.length > 0) {
    const detail = `${errors.length} of ${clusters.length} entries of clusters cannot be onboarded.`;
    throw new Problem('validation-failed', detail, errors);
  }
  return { clusters: ids, mode };
}

const notACluster = {
  code: 'not-a-cluster',
  message:
    'must be /subscriptions/{id}/resourceGroups/{group}/providers/Microsoft.ContainerService/managedClusters/{name}',
};

function duplicate(seen: Map<ClusterId, number>, id: ClusterId, index: number) {
  const first = seen.get(id);
  seen.set(id, first ?? index);
  return first === undefined
    ? undefined
    : { code: 'duplicate', message: `names the same cluster as /clusters/${first}` };
}

function shapeProblem({ issues }: z.ZodError): Problem {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown) {
    const errors = unknown.keys.map((key) => ({
      pointer: `/${key}`,
      code: 'unknown-field',
      message: 'is not a field of this request',
    }));
    return new Problem('unknown-field', `Unknown: ${unknown.keys.join(', ')}.`, errors);
  }
  const errors = issues.map(({ path, code, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    code: code.replaceAll('_', '-'),
    message,
  }));
  return new Problem('validation-failed', 'The body does not have the form of a request.', errors);
}

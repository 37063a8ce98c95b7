import * as z from 'zod';

import { CreationSpec } from '../domain/creation-spec';
import { toClusterId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { IdentityWish, RunMode, WantedCluster } from '../domain/records';
import { Problem } from './problem';
import type { ProblemDetail } from './problem';
import { requireFuture } from './future-day';
import { shapeProblem } from './shape-problem';

export interface OnboardingRequest {
  readonly clusters: readonly WantedCluster[];
  readonly mode: RunMode;
  /** What these clusters are to have, where it is not what the policy says. */
  readonly identity?: IdentityWish;
}

/** Whether only to plan. */
export const mode = z.enum(['report', 'apply']).default('report');
const Onboarding = z.strictObject({
  clusters: z.array(z.string().max(512)).min(1).max(1000),
  mode,
  identity: z
    .strictObject({
      controlPlane: z.enum(['userAssigned', 'systemAssigned']).optional(),
      kubelet: z.enum(['managed', 'own']).optional(),
    })
    .refine(({ controlPlane, kubelet }) => kubelet !== 'own' || controlPlane !== 'systemAssigned', {
      path: ['kubelet'],
      error: 'an identity of your own for the nodes needs a user-assigned control plane',
    })
    .optional(),
});
const Creation = z.strictObject({ create: CreationSpec, mode });

/** Reads the body of an onboarding request. @throws Problem that points at every wrong member. */
export function parseOnboardingRequest(body: unknown): OnboardingRequest {
  return isObject(body) && 'create' in body ? creation(body) : onboarding(body);
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null;
}

function creation(body: object): OnboardingRequest {
  const parsed = Creation.safeParse(body);
  if (!parsed.success) throw shapeProblem(parsed.error);
  const { create } = parsed.data;
  if (create.podIdentity) requireFuture(create.podIdentity.expires, '/create/podIdentity/expires');
  const armId = create.cluster.replace(/\/$/, '');
  const id = toClusterId(armId);
  if (!id) {
    const errors = [{ pointer: '/create/cluster', ...notACluster }];
    throw new Problem('validation-failed', 'The cluster cannot have this id.', errors);
  }
  return {
    clusters: [{ id, armId, create: { ...create, cluster: armId } }],
    mode: parsed.data.mode,
  };
}

function onboarding(body: unknown): OnboardingRequest {
  const parsed = Onboarding.safeParse(body);
  if (!parsed.success) throw shapeProblem(parsed.error);
  const { clusters, identity, ...rest } = parsed.data;
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
  return { clusters: ids, ...rest, ...(identity && { identity: wishOf(identity) }) };
}

function wishOf({
  controlPlane,
  kubelet,
}: {
  readonly controlPlane?: IdentityWish['controlPlane'] | undefined;
  readonly kubelet?: IdentityWish['kubelet'] | undefined;
}): IdentityWish {
  return { ...(controlPlane && { controlPlane }), ...(kubelet && { kubelet }) };
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

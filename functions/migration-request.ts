import * as z from 'zod';

import { toClusterId } from '../domain/ids';
import { Approval } from '../domain/migration/approvals';
import { MigrationOptions } from '../domain/migration/options';
import type { MigrationRecord } from '../domain/records';
import { shapeProblem } from './shape-problem';
import { Problem } from './problem';

const Migration = z.strictObject({
  clusters: z.array(z.string().max(512)).min(1).max(200),
  options: MigrationOptions.prefault({}),
});

const Application = z.strictObject({
  planHash: z.string().min(1),
  approvals: z.array(Approval).max(2000).default([]),
});
export type Application = z.infer<typeof Application>;

/** Reads the body of a request to plan a migration. @throws Problem that points at every wrong member. */
export function parseMigration(body: unknown): Pick<MigrationRecord, 'clusters' | 'options'> {
  const { clusters, options } = parsed(Migration, body);
  const known = clusters.map((armId) => ({
    armId: armId.replace(/\/$/, ''),
    id: toClusterId(armId),
  }));
  const errors = known.flatMap(({ id }, i) => {
    const same = known.findIndex((one) => one.id !== undefined && one.id === id);
    const message =
      id === undefined
        ? 'must be the ARM id of a managed cluster'
        : `names the same cluster as /clusters/${same}`;
    return id !== undefined && same === i
      ? []
      : [{ pointer: `/clusters/${i}`, code: 'cluster', message }];
  });
  if (errors.length > 0) {
    const detail = `${errors.length} of ${clusters.length} entries of clusters cannot be migrated.`;
    throw new Problem('validation-failed', detail, errors);
  }
  return {
    clusters: known.flatMap(({ armId, id }) => (id ? [{ clusterId: id, armId }] : [])),
    options,
  };
}

/** Reads the body of a request to carry a plan out. @throws Problem */
export function parseApplication(body: unknown): Application {
  return parsed(Application, body);
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw shapeProblem(result.error);
  return result.data;
}

import type { HttpRequest } from '@azure/functions';

import { afterMigration } from '../domain/migration/after-migration';
import { migrationManifests } from '../domain/migration/manifests';
import { summarizeMigration, teamLabel } from '../domain/migration/summary';
import { unexplainedTokens } from '../domain/migration/unexplained';
import type { MigrationWorkloadRecord } from '../domain/records';
import type { Reply } from './http';
import { allOf, findMigration, papersOf } from './migration-views';
import { Problem } from './problem';
import type { Services } from './services';

/**
 * `GET /api/v1/migrations/{id}/files`: manifests and patches for pull requests and hand work; `?path=` downloads one of
 * them, `?later=true` adds those for the time after pod identity.
 */
export async function getMigrationFiles(request: HttpRequest, services: Services): Promise<Reply> {
  const migration = await findMigration(request, services);
  const { plan, survey } = await papersOf(migration, services);
  const later = request.query.get('later') === 'true';
  const files = migrationManifests(plan, survey, { later });
  const wanted = request.query.get('path');
  if (wanted === null) {
    const base = `/api/v1/migrations/${migration.id}/files`;
    const suffix = later ? '&later=true' : '';
    const items = files.map(({ path }) => ({
      path,
      location: `${base}?path=${encodeURIComponent(path)}${suffix}`,
    }));
    return { jsonBody: { items } };
  }
  const file = files.find(({ path }) => path === wanted);
  if (!file) throw new Problem('not-found', `The migration has no file ${wanted}.`);
  const name = wanted.slice(wanted.lastIndexOf('/') + 1);
  return {
    headers: {
      'content-type': 'application/yaml; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
    },
    body: file.content,
  };
}

/**
 * `GET /api/v1/migrations/{id}/burn-down`: how many workloads were to move when the plan was made, and how far they have
 * come, over all, by cluster, namespace and team; where NMI gives tokens to what has no workload; and what a person may want
 * to do afterwards.
 */
export async function getBurnDown(request: HttpRequest, services: Services): Promise<Reply> {
  const migration = await findMigration(request, services);
  const { plan, survey } = await papersOf(migration, services);
  const workloads = await allOf(services.records, 'migrationWorkload', `${migration.id}~`);
  const planned = summarizeMigration(plan, survey);
  const teams = new Map(
    planned.namespaces.map(({ cluster, namespace, team }) => [
      `${cluster.toLowerCase()} ${namespace}`,
      team,
    ]),
  );
  const teamOf = ({ clusterId, workload }: MigrationWorkloadRecord): string =>
    teams.get(`${clusterId} ${workload.namespace}`) ?? workload.namespace;
  const done = workloads.filter(({ state }) => state === 'migrated').length;
  return {
    jsonBody: {
      teamLabel,
      planned,
      now: {
        left: planned.all.left - done,
        byState: tally(workloads, ({ state }) => state),
        migratedByTeam: tally(
          workloads.filter(({ state }) => state === 'migrated'),
          teamOf,
        ),
      },
      unexplained: unexplainedTokens(plan, survey),
      afterwards: afterMigration(plan, survey),
    },
  };
}

function tally<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

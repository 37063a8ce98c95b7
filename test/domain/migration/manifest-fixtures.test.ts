import { parse } from 'yaml';

import { migrationManifests } from '../../../domain/migration/manifests';
import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import type { MigrationSnapshot } from '../../../domain/migration/snapshot';
import { applyFiles } from './support/apply-files';
import { migrate, statusesOf } from './support/migrate';
import { planFixtures } from './support/plan-fixtures';

describe.each(planFixtures)('the files for %s', (_name, { given }) => {
  const options = MigrationOptions.parse(given.options);
  const plan = planMigration(given, options);
  const files = migrationManifests(plan, given);

  it('each have a name of their own, and are YAML', () => {
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    for (const { content } of files) expect(() => parse(content) as unknown).not.toThrow();
  });

  it('make of the cluster what the plan wants', () => {
    // Azure's part is done; what is in the clusters comes from the files alone.
    const azure = migrate(given, plan);
    const applied = Object.entries(given.kubernetes).map(([id, content]) => [
      id,
      { ...content, objects: applyFiles(content.objects, files) },
    ]);
    const after = planMigration(
      { ...azure, kubernetes: Object.fromEntries(applied) as MigrationSnapshot['kubernetes'] },
      options,
    );
    // What a file says about a Pod or a Job counts when somebody has made it anew.
    const byHand = plan.clusters.flatMap(({ workloads }) =>
      workloads
        .filter(({ delivery }) => delivery === 'manual')
        .map(({ kind, namespace, name }) => `${kind}/${namespace}/${name} `),
    );
    const without = (all: readonly string[]) =>
      all.filter((one) => !byHand.some((name) => one.startsWith(name)));
    const patched = plan.clusters.flatMap(({ workloads }) =>
      workloads
        .filter(({ delivery }) => delivery === 'patch' || delivery === 'pull-request')
        .map(({ kind, namespace, name }) => `${kind}/${namespace}/${name} migrated`),
    );

    expect(without(statusesOf(after))).toEqual(without(statusesOf(planMigration(azure, options))));
    expect(statusesOf(after)).toEqual(expect.arrayContaining(patched));
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { MigrationSnapshot } from '../../../../domain/migration/snapshot';

export interface PlanFixture {
  readonly given: MigrationSnapshot & { readonly options: unknown };
  readonly expect: unknown;
}

const data = join(__dirname, '../../../data');

/** The shared scenarios of migrations, for `it.each`. */
export const planFixtures: readonly (readonly [name: string, fixture: PlanFixture])[] = readdirSync(
  join(data, 'pod-identity-plans'),
)
  .sort()
  .map((file) => {
    const read = (folder: string) =>
      JSON.parse(readFileSync(join(data, folder, file), 'utf8')) as object;
    return [
      file.replace('.json', ''),
      { ...read('pod-identity'), ...read('pod-identity-plans') } as PlanFixture,
    ];
  });

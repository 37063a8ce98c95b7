import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import { differences } from './support/differences';
import { planFixtures } from './support/plan-fixtures';

describe.each(planFixtures)('the migration of %s', (_name, { given, expect: expected }) => {
  const options = MigrationOptions.parse(given.options);

  it('is planned as it is to be', () => {
    expect(differences(planMigration(given, options), expected)).toEqual([]);
  });
});

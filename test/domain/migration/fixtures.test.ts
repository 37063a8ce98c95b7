import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import type { MigrationSnapshot } from '../../../domain/migration/snapshot';
import { differences } from './support/differences';
import { migrate } from './support/migrate';
import { planFixtures } from './support/plan-fixtures';

/** Every list of the snapshot the other way round, but for lists whose order says something. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const lists = [
    'subscriptions',
    'clusters',
    'identities',
    'roleAssignments',
    'vmss',
    'objects',
    'federatedIdentityCredentials',
    'userAssignedIdentities',
    'ownerReferences',
    'managedFields',
  ];
  const members = Object.entries(value).map(([key, member]) => {
    const list = reversed(member);
    return [key, Array.isArray(list) && lists.includes(key) ? list.reverse() : list];
  });
  // The members of objects come in no order either.
  return Object.fromEntries(members.reverse()) as unknown;
}

/** Every ARM id spelled in another way, keys and values. */
function respelled(value: unknown, spell: (id: string) => string): unknown {
  const isId = (text: string) => /^\/subscriptions\//i.test(text);
  if (typeof value === 'string') return isId(value) ? spell(value) : value;
  if (Array.isArray(value)) return value.map((item) => respelled(item, spell));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [
    isId(key) ? spell(key) : key,
    respelled(member, spell),
  ]);
  return Object.fromEntries(members) as unknown;
}

/** Only what the cluster says in capitals; what Azure says stays. */
function withLoudObjects({ fleet, kubernetes }: MigrationSnapshot): MigrationSnapshot {
  const loud = Object.entries(kubernetes).map(([id, content]) => [
    id.toUpperCase(),
    respelled(content, (one) => one.toUpperCase()),
  ]);
  return { fleet, kubernetes: Object.fromEntries(loud) as MigrationSnapshot['kubernetes'] };
}

describe.each(planFixtures)('the migration of %s', (_name, { given, expect: expected }) => {
  const options = MigrationOptions.parse(given.options);
  const plan = planMigration(given, options);

  it('is planned as it is to be', () => {
    expect(differences(plan, expected)).toEqual([]);
  });

  it('is the same whatever order things came in', () => {
    expect(planMigration(reversed(given) as MigrationSnapshot, options)).toEqual(plan);
  });

  it.each([
    ['in capitals', (id: string) => id.toUpperCase()],
    ['with a slash at the end', (id: string) => `${id}/`],
  ])('is the same with ids %s', (_how, spell) => {
    const same = planMigration(respelled(given, spell) as MigrationSnapshot, options);
    const inOneSpelling = (one: unknown): unknown =>
      JSON.parse(JSON.stringify(one).toLowerCase().replaceAll('/"', '"'));

    expect(inOneSpelling(same)).toEqual(inOneSpelling(plan));
  });

  it('is the same when cluster and Azure spell ids in different ways', () => {
    expect(planMigration(withLoudObjects(given), options)).toEqual(plan);
  });

  it('asks for nothing more when it has been done', () => {
    const done = migrate(given, plan);
    const after = planMigration(done, options);
    const patched = (one: typeof plan) =>
      one.clusters.flatMap(({ workloads }) =>
        workloads
          .filter(
            ({ delivery, status }) =>
              ['patch', 'pull-request'].includes(delivery) || status === 'migrated',
          )
          .map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`),
      );

    expect(
      after.clusters.flatMap(({ workloads }) =>
        workloads
          .filter(({ status }) => status === 'migrated')
          .map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`),
      ),
    ).toEqual(expect.arrayContaining([...patched(plan)]));
    expect(after.clusters.flatMap(({ steps }) => steps)).toEqual([]);
    expect(
      after.clusters.flatMap(({ serviceAccounts }) =>
        serviceAccounts.filter(({ action }) => action !== 'none'),
      ),
    ).toEqual([]);
    expect(after.identities.flatMap(({ ficsToCreate }) => ficsToCreate)).toEqual([]);
    expect(after.identities.flatMap(({ ficsToUpdate }) => ficsToUpdate)).toEqual([]);
  });
});

import { optionalReads } from '../../domain/role-parts';
import { parts } from './support/grants';
import { jobs } from './support/jobs';

jest.setTimeout(120_000);

const onboardings = Object.keys(jobs).filter((name) => !/sweep|migration/i.test(name));
const migrations = ['migration', 'ossMigration'];
// The read of an identity is asked for where a plan hangs on it.
const withoutSwitch = ['repair', 'enabling', 'privateCluster', 'interruptedRoll'];

/** Jobs that go on without a read: what it would tell is unknown to their plans. */
const optional: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.keys(optionalReads).map((action) => [action, [...onboardings, 'sweep']]),
  ),
  'Microsoft.Authorization/roleAssignments/read': migrations,
  // Resource Graph shows what may be read, and has no word for the rest.
  'Microsoft.ContainerService/managedClusters/read': ['sweep'],
  'Microsoft.Features/providers/features/read': ['sweep', ...migrations],
  'Microsoft.ManagedIdentity/userAssignedIdentities/read': withoutSwitch,
  'Microsoft.Resources/subscriptions/providers/read': ['sweep'],
};

const actions = [
  ...new Set(
    Object.entries(parts)
      .filter(([name]) => name !== 'privateClusters')
      .flatMap(([, part]) => part.actions),
  ),
].sort();

/** Which jobs use which action, lower-cased, with every right. */
const users = new Map<string, Set<string>>();

beforeAll(async () => {
  for (const [name, { carryOut, links }] of Object.entries(jobs)) {
    const { used } = await carryOut(Object.keys(parts));
    for (const action of [...used, ...links]) {
      const key = action.toLowerCase();
      users.set(key, (users.get(key) ?? new Set()).add(name));
    }
  }
}, 120_000);

describe.each(actions)('without %s', (action) => {
  it('each job that needs it ends with its name, and has changed nothing', async () => {
    const concerned = [...(users.get(action.toLowerCase()) ?? [])];
    expect(concerned).not.toEqual([]);

    for (const name of concerned) {
      const end = await jobs[name]?.carryOut(Object.keys(parts), action);

      const seen = end && {
        ok: end.ok,
        named: end.message.toLowerCase().includes(action.toLowerCase()),
        next: end.next.endsWith('.'),
        writes: end.ok ? [] : end.writes,
      };
      const goesOn = optional[action]?.includes(name) === true;
      expect({ name, ...seen }).toEqual(
        goesOn
          ? { name, ok: true, named: false, next: false, writes: [] }
          : { name, ok: false, named: true, next: true, writes: [] },
      );
    }
  });
});

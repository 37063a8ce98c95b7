import type { PodIdentityChange } from '../../domain/pod-identity/change';
import type { JsonObject } from '../../simulator/json';
import { anAzure } from '../activities/support/azure';
import type { TestAzure } from '../activities/support/azure';
import { Killed } from '../support/run-on-azure';
import type { Watch } from '../support/run-on-azure';
import { aChange, ask, enabling, endState, orders, withAddOn, withoutAddOn } from './on-azure';

const place = { name: 'orders', namespace: 'apps' };
const adding = aChange('add', { identities: [{ ...place, identityId: orders, demoRole: true }] });

/** A change, the world it is made in, and what was asked of Steward before. */
const changes: readonly (readonly [
  string,
  JsonObject[],
  PodIdentityChange,
  PodIdentityChange[],
])[] = [
  ['enables the add-on', withoutAddOn(), enabling, []],
  ['adds a pod identity with its roles', withAddOn(), adding, []],
  [
    'deletes one with the roles that Steward gave',
    withAddOn(),
    aChange('delete', { identities: [place] }),
    [adding],
  ],
  [
    'disables the add-on with what is in use',
    withAddOn(),
    aChange('disable', { entries: ['apps/orders'] }),
    [adding],
  ],
  [
    'changes exceptions',
    withAddOn({
      userAssignedIdentities: [],
      userAssignedIdentityExceptions: [{ name: 'a', namespace: 'ci', podLabels: { app: 'a' } }],
    }),
    aChange('updateException', {
      exceptions: [{ name: 'a', namespace: 'ci', podLabels: { app: 'b' } }],
    }),
    [],
  ],
];

describe.each(changes)('a run that %s', (...[, world, change, earlier]) => {
  async function prepared(): Promise<TestAzure> {
    const azure = await anAzure(world);
    for (const [i, one] of earlier.entries()) {
      await ask(azure, one, { runId: `run_before${i}`, minutes: i * 120 });
    }
    return azure;
  }

  const kill = async (azure: TestAzure, at: number, moment: 'before' | 'after') => {
    let calls = 0;
    const watch: Watch = (_name, nth, when) => {
      calls = nth;
      if (nth === at && when === moment) throw new Killed('killed');
    };
    await ask(azure, change, { runId: 'run_1', minutes: 300, watch }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    return calls;
  };

  it.each(['before', 'after'] as const)(
    'leaves what the next run completes, wherever it is killed %s the effect of a call',
    async (moment) => {
      await using untouched = await prepared();
      const total = await kill(untouched, Infinity, moment);
      const wanted = await endState(untouched);
      const writes = await untouched.writes();

      for (let call = 1; call <= total; call += 1) {
        await using azure = await prepared();
        await kill(azure, call, moment);

        const second = await ask(azure, change, { runId: 'run_2', minutes: 900 });

        expect({ call, second }).toMatchObject({ call, second: { value: { state: 'succeeded' } } });
        expect({ call, end: await endState(azure) }).toEqual({ call, end: wanted });
        expect({ call, writes: changesOf(await azure.writes()) }).toEqual({
          call,
          writes: changesOf(writes),
        });
      }
      expect(total).toBeGreaterThan(5);
    },
    60_000,
  );
});

/** A provider is registered anew by whoever saw a flag through: that may be two. */
function changesOf(writes: readonly string[]): readonly string[] {
  return writes.filter((write) => write !== 'POST register/action').sort();
}

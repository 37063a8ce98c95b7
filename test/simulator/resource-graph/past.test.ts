import fc from 'fast-check';

import { isObject } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { ask, identity } from './asking';

const lagSeconds = 90;
const scenario = {
  seed: 7,
  now: '2026-11-24T08:00:00Z',
  clock: 'stepped',
  fleet: { clusters: 1, subscriptions: 1 },
  behaviour: { resourceGraph: { lagSeconds } },
} as const;
const query =
  "resources | where name startswith 'x-' | project id, name, value = tostring(tags.value) | order by id asc";

type Step =
  | { readonly kind: 'put'; readonly name: string; readonly value: string }
  | { readonly kind: 'delete'; readonly name: string }
  | { readonly kind: 'wait'; readonly seconds: number };

const name = fc.constantFrom('x-a', 'x-b', 'x-c');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('put'), name, value: fc.constantFrom('1', '2') }),
  fc.record({ kind: fc.constant('delete'), name }),
  fc.record({ kind: fc.constant('wait'), seconds: fc.constantFrom(1, 30, 45, 89, 90, 91) }),
);

type State = Readonly<Record<string, string>>;

/** What happened when, kept beside the simulator. */
class Chronicle {
  private readonly states: { readonly time: number; readonly state: State }[] = [
    { time: Number.NEGATIVE_INFINITY, state: {} },
  ];

  note(time: number, change: (state: State) => State): void {
    this.states.push({ time, state: change(this.states.at(-1)?.state ?? {}) });
  }

  at(time: number): State {
    return this.states.findLast((entry) => entry.time <= time)?.state ?? {};
  }
}

async function perform(azure: Driven, one: Step, chronicle: Chronicle): Promise<void> {
  const now = azure.simulator.clock.now();
  if (one.kind === 'wait') {
    azure.simulator.clock.advance(one.seconds * 1000);
  } else if (one.kind === 'put') {
    await identity(azure, `PUT ${one.name}`, { value: one.value });
    chronicle.note(now, (state) => ({ ...state, [one.name]: one.value }));
  } else {
    await identity(azure, `DELETE ${one.name}`);
    chronicle.note(now, (state) =>
      Object.fromEntries(Object.entries(state).filter(([other]) => other !== one.name)),
    );
  }
}

async function shown(azure: Driven): Promise<State> {
  const body = await ask(azure, query);
  const data = isObject(body) ? (body['data'] as { name: string; value: string }[]) : [];
  return Object.fromEntries(data.map((row) => [row.name, row.value]));
}

describe('Resource Graph at any time', () => {
  it('shows the world as it was when the lag began', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        await using azure = await drive({ scenario });
        const chronicle = new Chronicle();

        for (const one of steps) {
          await perform(azure, one, chronicle);
          const then = azure.simulator.clock.now() - lagSeconds * 1000;
          expect(await shown(azure)).toEqual(chronicle.at(then));
        }
      }),
      { numRuns: 15 },
    );
  });
});

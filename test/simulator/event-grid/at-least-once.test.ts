import { seeded } from '../../../simulator/seed';
import type { Seed } from '../../../simulator/seed';
import { aGrid, anEvent, aSubscription, cluster } from './a-grid';
import type { TestGrid } from './a-grid';
import { Receiver } from './receiver';

const minute = 60_000;
const statuses = [200, 200, 500, 503, 404, 408] as const;

describe('whatever receivers answer and however often the process ends', () => {
  it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    'every wanted event arrives, and no other (seed %i)',
    async (number) => {
      const seed = seeded(number);
      const answers = answersOf(seed);
      await using receiver = await Receiver.start((_, response) => {
        response.writeHead(answers()).end();
      });
      const subscriptions = [
        aSubscription({
          endpointUrl: receiver.url,
          filter: { ...aSubscription().filter, subjectBeginsWith: 'wanted' },
          ...(number % 2 === 0 && { batch: { maxEvents: 4, preferredBytes: 2_000 } }),
        }),
      ];

      let azure = aGrid({ subscriptions });
      const wanted: string[] = [];
      for (let round = 0; round < 20; round += 1) {
        const isWanted = pick(seed, ['subject', round], [true, true, false]);
        const id = `event-${round}`;
        if (isWanted) wanted.push(id);
        azure.grid.publish(anEvent({ id, subject: isWanted ? 'wanted' : 'other' }));
        azure = await step(azure, pick(seed, ['step', round], ['pass', 'wait', 'crash']));
      }
      for (let hours = 0; hours < 20; hours += 1) await azure.pass(60 * minute);

      const arrived = new Set(idsOf(receiver));
      expect([...arrived].sort()).toEqual([...wanted].sort());
      expect([...azure.grid.pending, ...azure.grid.deadLetters]).toEqual([]);
      expect(azure.failures).toEqual([]);
    },
  );

  it('tries again in the order of the schedule, never early', async () => {
    await using receiver = await Receiver.start((_, response) => {
      response.writeHead(500).end();
    });
    const azure = aGrid({ subscriptions: [aSubscription({ endpointUrl: receiver.url })] });
    azure.grid.publish(anEvent({ topic: cluster }));
    const times: number[] = [];
    const begin = azure.clock.now();

    for (let second = 0; second <= 1_000; second += 10) {
      await azure.pass(second === 0 ? 0 : 10_000);
      while (times.length < receiver.received.length) {
        times.push((azure.clock.now() - begin) / 1_000);
      }
    }

    expect(times).toEqual([0, 10, 40, 100, 400, 1_000]);
  });
});

/** Passes time, or ends the process and starts another one on the same store. */
async function step(azure: TestGrid, kind: string): Promise<TestGrid> {
  if (kind !== 'crash') {
    await azure.pass(kind === 'pass' ? 0 : 10 * minute);
    return azure;
  }
  azure.clock.advance(0);
  await azure.grid.close();
  const next = aGrid(azure);
  next.grid.restore();
  return next;
}

/** Random until forty requests were answered, then always well: retries end before the events do. */
function answersOf(seed: Seed): () => number {
  let asked = 0;
  return () => {
    asked += 1;
    return asked > 40 ? 200 : pick(seed, ['answer', asked], statuses);
  };
}

function pick<T>(seed: Seed, key: readonly (string | number)[], from: readonly T[]): T {
  return from[seed.between(0, from.length - 1, ...key)] as T;
}

function idsOf({ received }: Receiver): readonly string[] {
  return received.flatMap(({ body }) =>
    (JSON.parse(body) as readonly { id: string }[]).map(({ id }) => id),
  );
}

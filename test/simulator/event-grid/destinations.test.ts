import type { EventSubscription } from '../../../simulator/event-grid/event-subscription';
import { aGridFor, aSubscription, anEvent, aGrid, cluster } from './a-grid';
import { answering, Receiver } from './receiver';

const minute = 60_000;
const storage =
  '/subscriptions/1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/letters';
const queue = { endpointType: 'StorageQueue', resourceId: storage, name: 'events' };
const blob = { endpointType: 'StorageBlob', resourceId: storage, name: 'dead' };

describe('a batch', () => {
  it('holds no more events than asked for', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass } = aGridFor(receiver, { batch: { maxEvents: 3, preferredBytes: 1e6 } });

    for (const id of ['a', 'b', 'c', 'd']) grid.publish(anEvent({ id }));
    await pass();

    expect(batches(receiver)).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('holds no more bytes than preferred, unless one event alone does', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass } = aGridFor(receiver, { batch: { maxEvents: 9, preferredBytes: 1000 } });
    const long = { text: 'x'.repeat(2000) };

    for (const id of ['a', 'b']) grid.publish(anEvent({ id }));
    grid.publish(anEvent({ id: 'long', data: long }));
    await pass();

    expect(batches(receiver)).toEqual([['a', 'b'], ['long']]);
  });

  it('is repeated as a whole', async () => {
    await using receiver = await Receiver.start(answering(500, 200));
    const { grid, pass } = aGridFor(receiver, { batch: { maxEvents: 9, preferredBytes: 1e6 } });
    for (const id of ['a', 'b']) grid.publish(anEvent({ id }));

    await pass();
    await pass(10_000);

    expect(batches(receiver)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(receiver.received.map(({ headers }) => headers['aeg-delivery-count'])).toEqual([
      '0',
      '1',
    ]);
    expect(grid.pending).toEqual([]);
  });

  it('of CloudEvents says that it is one', async () => {
    await using receiver = await Receiver.start();
    const batch = { maxEvents: 2, preferredBytes: 1e6 };
    const { grid, pass } = aGridFor(receiver, { batch, schema: 'CloudEventSchemaV1_0' });

    grid.publish(anEvent({ id: 'a' }));
    await pass();

    expect(receiver.received[0]?.headers['content-type']).toBe(
      'application/cloudevents-batch+json; charset=utf-8',
    );
    expect(batches(receiver)).toEqual([['a']]);
  });
});

describe('a dead letter', () => {
  const deadLetter = blob;

  it.each([
    ['EventGridSchema', 'deadLetterReason', 'lastDeliveryOutcome'],
    ['CloudEventSchemaV1_0', 'deadletterreason', 'lastdeliveryoutcome'],
  ] as const)('in %s tells why, five minutes later', async (schema, reason, outcome) => {
    await using receiver = await Receiver.start(answering(400));
    const { grid, pass } = aGridFor(receiver, { schema, deadLetter });
    grid.publish(anEvent({ id: 'a' }));
    await pass();
    const early = grid.kept;

    await pass(5 * minute);

    expect(early).toEqual([]);
    const [letter] = grid.kept;
    expect(letter?.kept?.place).toEqual({
      ...blob,
      name: `dead/STEWARD/2026/11/24/8/${letter?.id ?? ''}.json`,
    });
    expect(JSON.parse(letter?.kept?.body ?? '')).toMatchObject([
      { id: 'a', [reason]: 'UndeliverableEvent', [outcome]: 'BadRequest' },
    ]);
  });

  it('is dropped without a container', async () => {
    await using receiver = await Receiver.start(answering(413));
    const { grid, pass } = aGridFor(receiver);
    grid.publish(anEvent());

    await pass(10 * minute);

    expect(grid.kept).toEqual([]);
    expect(grid.deadLetters).toHaveLength(1);
  });
});

describe('a queue', () => {
  const subscriptions = [aSubscription({ endpointUrl: undefined, keeps: queue })];

  it('keeps events, also over a restart', async () => {
    const before = aGrid({ subscriptions });
    before.grid.publish(anEvent({ id: 'a' }));
    await before.pass();
    await before.grid.close();

    const after = aGrid(before);
    after.grid.restore();

    expect(after.grid.kept.map(({ kept }) => kept?.place)).toEqual([queue]);
    expect(after.grid.pending).toEqual([]);
  });
});

describe('delivery attributes', () => {
  it('are headers, fixed or from the event', async () => {
    await using receiver = await Receiver.start();
    const attributes: EventSubscription['attributes'] = [
      { name: 'x-team', value: 'fleet' },
      { name: 'x-pool', sourceField: 'data.nodePoolName' },
      { name: 'x-nothing', sourceField: 'data.nothing' },
    ];
    const { grid, pass } = aGridFor(receiver, { attributes });

    grid.publish(anEvent());
    await pass();

    const [{ headers } = { headers: {} as Record<string, unknown> }] = receiver.received;
    expect([headers['x-team'], headers['x-pool'], headers['x-nothing']]).toEqual([
      'fleet',
      'apps',
      undefined,
    ]);
  });
});

describe('a function', () => {
  it('may be asked again after 401, a webhook may not', async () => {
    await using receiver = await Receiver.start(answering(401));
    const named = (name: string, isAzureResource: boolean) =>
      aSubscription({ id: `${cluster}/${name}`, name, endpointUrl: receiver.url, isAzureResource });
    const subscriptions = [named('function', true), named('webhook', false)];
    const { grid, pass, clock } = aGrid({ subscriptions });
    grid.publish(anEvent());

    await pass();

    expect(grid.pending).toMatchObject([
      { subscription: `${cluster}/function`, dueAt: clock.now() + 5 * minute },
    ]);
    expect(grid.deadLetters).toMatchObject([{ subscription: `${cluster}/webhook` }]);
  });
});

describe('a delayed event', () => {
  it('comes as late as asked', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass } = aGridFor(receiver);
    grid.disturb({ events: 1, delaySeconds: 90 });
    grid.publish(anEvent({ id: 'late' }));
    grid.publish(anEvent({ id: 'prompt' }));

    await pass(89_000);
    const early = [...receiver.eventIds];
    await pass(1_000);

    expect(early).toEqual(['prompt']);
    expect(receiver.eventIds).toEqual(['prompt', 'late']);
  });
});

function batches({ received }: Receiver): readonly (readonly string[])[] {
  return received.map(({ body }) =>
    (JSON.parse(body) as readonly { id: string }[]).map(({ id }) => id),
  );
}

import { aGrid, aGridFor, anEvent, aSubscription } from './a-grid';
import { answering, Receiver } from './receiver';

const second = 1_000;
const hour = 3_600 * second;

describe('a restart', () => {
  it('delivers what was published but not sent', async () => {
    await using receiver = await Receiver.start();
    const before = aGridFor(receiver);
    before.grid.publish(anEvent({ id: 'event-1' }));
    await before.grid.close();

    const after = aGrid(before);
    after.grid.restore();
    await after.pass();

    expect(receiver.eventIds).toEqual(['event-1']);
    expect(after.store.records.size).toBe(0);
  });

  it('sends again what was sent but not answered', async () => {
    let sent: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (sent = resolve));
    await using receiver = await Receiver.start(() => {
      sent();
    });
    const before = aGridFor(receiver);
    before.grid.publish(anEvent({ id: 'event-1' }));
    before.clock.advance(0);
    await arrival;
    await before.grid.close();
    receiver.answer(answering(200));

    const after = aGrid(before);
    after.grid.restore();
    await after.pass();

    expect(receiver.eventIds).toEqual(['event-1', 'event-1']);
  });

  it('keeps the schedule, the attempts and the dead letters', async () => {
    await using receiver = await Receiver.start(answering(400, 500));
    const before = aGridFor(receiver);
    before.grid.publish(anEvent({ id: 'dead' }));
    await before.pass();
    before.grid.publish(anEvent({ id: 'alive' }));
    await before.pass();
    await before.grid.close();

    const after = aGrid(before);
    after.grid.restore();
    await after.pass(9 * second);

    expect(after.grid.deadLetters).toMatchObject([{ event: { id: 'dead' } }]);
    expect(after.grid.pending).toMatchObject([{ event: { id: 'alive' }, attempts: 1 }]);
    expect(receiver.received).toHaveLength(2);
    await after.pass(second);
    expect(receiver.eventIds).toEqual(['dead', 'alive', 'alive']);
  });
});

describe('a disturbance', () => {
  it('delivers the next events as often as asked, and the one after them once', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass } = aGridFor(receiver);

    grid.disturb({ events: 2, copies: 3 });
    for (const id of ['a', 'b', 'c']) grid.publish(anEvent({ id }));
    await pass();

    expect([...receiver.eventIds].sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'b', 'c']);
  });

  it('reverses the next events', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass } = aGridFor(receiver);

    grid.disturb({ events: 3, order: 'reversed' });
    for (const id of ['a', 'b']) grid.publish(anEvent({ id }));
    await pass(hour);
    const early = receiver.received.length;
    grid.publish(anEvent({ id: 'c' }));
    await pass();

    expect(early).toBe(0);
    expect(receiver.eventIds).toEqual(['c', 'b', 'a']);
  });

  it('loses nothing that it held when the process ends', async () => {
    await using receiver = await Receiver.start();
    const before = aGridFor(receiver);
    before.grid.disturb({ events: 3, order: 'reversed' });
    before.grid.publish(anEvent({ id: 'a' }));
    await before.grid.close();

    const after = aGrid(before);
    after.grid.restore();
    await after.pass();

    expect(receiver.eventIds).toEqual(['a']);
  });

  it('lets go of what it held when it is replaced', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass } = aGridFor(receiver);
    grid.disturb({ events: 3, order: 'reversed' });
    grid.publish(anEvent({ id: 'a' }));

    grid.disturb({ events: 0 });
    await pass();

    expect(receiver.eventIds).toEqual(['a']);
  });
});

describe('an Event Grid', () => {
  it('sends nothing before the store is safe', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass, store, clock } = aGridFor(receiver);
    let settle: () => void = () => undefined;
    store.settled = () => new Promise<void>((resolve) => (settle = resolve));

    grid.publish(anEvent());
    clock.advance(0);
    await new Promise(setImmediate);
    const early = receiver.received.length;
    settle();
    await pass();

    expect(early).toBe(0);
    expect(receiver.received).toHaveLength(1);
  });

  it('tells of a store that fails', async () => {
    const { grid, pass, store, failures } = aGrid({ subscriptions: [aSubscription()] });
    store.settled = () => Promise.reject(new Error('disk full'));

    grid.publish(anEvent());
    await pass();

    expect(failures).toEqual([new Error('disk full')]);
  });

  it('forgets everything when it is cleared', async () => {
    await using receiver = await Receiver.start(answering(400, 500));
    const { grid, pass, store } = aGridFor(receiver);
    grid.publish(anEvent());
    await pass();
    grid.publish(anEvent());
    await pass();

    grid.clear();
    await pass(24 * hour);

    expect(receiver.received).toHaveLength(2);
    expect([...grid.pending, ...grid.deadLetters]).toEqual([]);
    expect(store.records.size).toBe(0);
  });

  it('delivers five hundred events with no more than 32 requests at once', async () => {
    let open = 0;
    let most = 0;
    await using receiver = await Receiver.start((_, response) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        response.end();
      });
    });
    const { grid, pass } = aGridFor(receiver);

    for (let index = 0; index < 500; index += 1) grid.publish(anEvent({ id: String(index) }));
    await pass();

    expect(new Set(receiver.eventIds).size).toBe(500);
    expect(most).toBeLessThanOrEqual(32);
  });
});

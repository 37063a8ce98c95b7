import { EventGridDeserializer } from '@azure/eventgrid';

import { aGrid, aGridFor, anEvent, aSubscription, cluster, start } from './a-grid';
import { answering, Receiver } from './receiver';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('a delivery', () => {
  it('arrives in the schema of Event Grid, as its SDK reads it', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass } = aGridFor(receiver);

    grid.publish(anEvent({ id: 'event-1' }));
    await pass();

    const [request] = receiver.received;
    const [event] = await new EventGridDeserializer().deserializeEventGridEvents(
      request?.body ?? '',
    );
    expect(request).toMatchObject({
      method: 'POST',
      url: '/hook?code=s3cret',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'aeg-event-type': 'Notification',
        'aeg-subscription-name': 'STEWARD',
        'aeg-delivery-count': '0',
        'aeg-data-version': '1',
        'aeg-metadata-version': '1',
      },
    });
    expect(event).toEqual({
      id: 'event-1',
      topic: cluster,
      subject: 'aks-1',
      eventType: 'Microsoft.ContainerService.NodePoolRollingStarted',
      eventTime: new Date(start),
      data: { nodePoolName: 'apps' },
      dataVersion: '1',
      metadataVersion: '1',
    });
    expect(request?.body).toContain('"eventTime":"2026-11-24T08:00:00.0000000Z"');
  });

  it('arrives as a structured CloudEvent, as the SDK reads it', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass } = aGridFor(receiver, { schema: 'CloudEventSchemaV1_0' });

    grid.publish(anEvent({ id: 'event-1' }));
    await pass();

    const [request] = receiver.received;
    const [event] = await new EventGridDeserializer().deserializeCloudEvents(request?.body ?? '');
    expect(request?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ specversion: '1.0' });
    expect(event).toMatchObject({
      id: 'event-1',
      source: cluster,
      subject: 'aks-1',
      type: 'Microsoft.ContainerService.NodePoolRollingStarted',
      time: new Date(start),
      data: { nodePoolName: 'apps' },
    });
  });

  it.each([200, 201, 202, 203, 204])('is done when the receiver answers %d', async (status) => {
    await using receiver = await Receiver.start(answering(status));
    const { grid, pass, store } = aGridFor(receiver);

    grid.publish(anEvent());
    await pass();
    await pass(48 * hour);

    expect(receiver.received).toHaveLength(1);
    expect(store.records.size).toBe(0);
    expect(grid.pending).toEqual([]);
  });

  it('is repeated after 10 s, 30 s, 1, 5, 10, 30 min, 1, 3 and 6 h, counting its attempts', async () => {
    await using receiver = await Receiver.start(answering(500));
    const { grid, pass, clock } = aGridFor(receiver);

    grid.publish(anEvent());
    await pass();
    const waits: number[] = [];
    for (let dueAt = grid.pending[0]?.dueAt; dueAt; dueAt = grid.pending[0]?.dueAt) {
      waits.push((dueAt - clock.now()) / second);
      await pass(dueAt - clock.now());
    }

    expect(waits).toEqual([10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200]);
    expect(receiver.received.map(({ headers }) => headers['aeg-delivery-count'])).toEqual(
      Array.from({ length: 11 }, (_, attempt) => String(attempt)),
    );
    expect(grid.deadLetters).toMatchObject([
      { deadLetterReason: 'TimeToLiveExceeded', attempts: 11, lastOutcome: 'GenericError' },
    ]);
  });

  it.each([
    [404, 5 * minute],
    [408, 2 * minute],
    [503, 30 * second],
    [500, 10 * second],
    [302, 10 * second],
    [206, 10 * second],
  ])('waits after a %d for %d ms', async (status, wait) => {
    await using receiver = await Receiver.start(answering(status, 200));
    const { grid, pass } = aGridFor(receiver);

    grid.publish(anEvent());
    await pass();
    await pass(wait - 1);
    const early = receiver.received.length;
    await pass(1);

    expect(early).toBe(1);
    expect(receiver.received).toHaveLength(2);
    expect(grid.pending).toEqual([]);
  });

  it.each([
    [400, 'BadRequest'],
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [413, 'PayloadTooLarge'],
  ])('is not repeated after a %d', async (status, lastOutcome) => {
    await using receiver = await Receiver.start(answering(status));
    const { grid, pass } = aGridFor(receiver);

    grid.publish(anEvent({ id: 'event-1' }));
    await pass();
    await pass(24 * hour);

    expect(receiver.received).toHaveLength(1);
    expect(grid.deadLetters).toMatchObject([
      { event: { id: 'event-1' }, deadLetterReason: 'UndeliverableEvent', lastOutcome },
    ]);
  });

  it('is given up after the attempts that the subscription allows', async () => {
    await using receiver = await Receiver.start(answering(500));
    const { grid, pass } = aGridFor(receiver, { maxDeliveryAttempts: 2 });

    grid.publish(anEvent());
    await pass();
    await pass(hour);

    expect(receiver.received).toHaveLength(2);
    expect(grid.deadLetters).toMatchObject([
      { deadLetterReason: 'MaxDeliveryAttemptsExceeded', attempts: 2 },
    ]);
  });

  it('is repeated when nobody listens, and when the receiver hangs up', async () => {
    await using receiver = await Receiver.start((_, response) => response.destroy());
    const { grid, pass, failures } = aGrid({
      subscriptions: [
        aSubscription({ id: 'a', endpointUrl: receiver.url }),
        aSubscription({ id: 'b', endpointUrl: 'http://127.0.0.1:9/hook' }),
      ],
    });

    grid.publish(anEvent());
    await pass();

    expect(grid.pending).toMatchObject([
      { attempts: 1, lastOutcome: 'GenericError' },
      { attempts: 1, lastOutcome: 'GenericError' },
    ]);
    expect(failures).toEqual([]);
  });

  it('is dropped when its subscription is gone', async () => {
    await using receiver = await Receiver.start(answering(500));
    const { grid, pass, subscriptions, store } = aGridFor(receiver);

    grid.publish(anEvent());
    await pass();
    subscriptions.pop();
    await pass(minute);

    expect(receiver.received).toHaveLength(1);
    expect(store.records.size).toBe(0);
    expect(grid.deadLetters).toEqual([]);
  });

  it('waits, uncounted, while its endpoint is being validated', async () => {
    await using receiver = await Receiver.start();
    const subscription = aSubscription({ endpointUrl: receiver.url, state: 'validating' });
    const { grid, pass, subscriptions } = aGrid({ subscriptions: [subscription] });

    grid.publish(anEvent());
    await pass(hour);
    const early = receiver.received.length;
    subscriptions[0] = { ...subscription, state: 'active' };
    await pass(minute);

    expect(early).toBe(0);
    expect(receiver.received.map(({ headers }) => headers['aeg-delivery-count'])).toEqual(['0']);
  });

  it('goes to every subscription that wants it, and to no other topic', async () => {
    await using receiver = await Receiver.start();
    const { grid, pass } = aGrid({
      subscriptions: [
        aSubscription({ id: 'a', name: 'a', endpointUrl: receiver.url }),
        aSubscription({ id: 'b', name: 'b', endpointUrl: receiver.url }),
        aSubscription({
          id: 'c',
          name: 'c',
          endpointUrl: receiver.url,
          filter: { ...aSubscription().filter, includedEventTypes: ['Other'] },
        }),
      ],
    });

    grid.publish(anEvent());
    grid.publish(anEvent({ topic: `${cluster}-other` }));
    await pass();

    const names = receiver.received.map(({ headers }) => headers['aeg-subscription-name']);
    expect(names.sort()).toEqual(['A', 'B']);
  });
});

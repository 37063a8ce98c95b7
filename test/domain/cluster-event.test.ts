import { readEvent } from '../../domain/cluster-event';
import { armId, clusterId, subscriptionId } from '../support/clusters';
import { eventFixtures } from '../support/fixtures';

const inScope = [subscriptionId];

const gridEvent = {
  id: 'e1',
  topic: armId,
  subject: 'aks-orders',
  eventType: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
  eventTime: '2026-11-22T01:03:11.4410000Z',
  data: { nodePoolName: 'apps' },
  dataVersion: '1',
  metadataVersion: '1',
};

const cloudEvent = {
  specversion: '1.0',
  id: gridEvent.id,
  source: gridEvent.topic,
  subject: gridEvent.subject,
  type: gridEvent.eventType,
  time: gridEvent.eventTime,
  data: gridEvent.data,
};

function keyOf(element: unknown): string {
  const reading = readEvent(element, inScope);
  if (reading.kind !== 'accepted') throw new Error(`not accepted: ${reading.reason}`);
  return reading.event.key;
}

describe('readEvent', () => {
  it('reads what an event says about its cluster', () => {
    expect(readEvent(gridEvent, inScope)).toEqual({
      kind: 'accepted',
      event: {
        key: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        type: gridEvent.eventType,
        clusterId,
        time: gridEvent.eventTime,
        pool: 'apps',
      },
    });
  });

  const expectedOf = eventFixtures.flatMap(({ id, deliveries, expect: { normalized = [] } }) => {
    const elements = deliveries.flatMap(({ body }) => body);
    return normalized
      .filter(({ family }) => family === 'aks' || family === 'arm')
      .map((expected) => ({ id, elements, expected }));
  });

  it('finds the events of the fixtures that concern it', () => {
    expect(expectedOf.length).toBeGreaterThan(8);
  });

  it.each(expectedOf)('reads $expected.type of $id', ({ elements, expected }) => {
    const subscriptions = [
      '11111111-1111-4111-8111-111111111111',
      '22222222-2222-4222-8222-222222222222',
    ];
    const readings = elements.map((element) => readEvent(element, subscriptions));
    const events = readings.flatMap((each) => (each.kind === 'accepted' ? each.event : []));
    const event = events.find(({ key }) => key === expected.dedupeKey);

    expect(event).toMatchObject({
      type: expected.type,
      time: expected.time,
      clusterId: expected.clusterId,
    });
    expect(event?.pool).toBe(expected.poolName);
  });

  it('never throws, whatever the elements of the fixtures are', () => {
    const elements = eventFixtures.flatMap(({ deliveries }) =>
      deliveries.flatMap(({ body }) => body),
    );

    expect(elements.map((element) => readEvent(element, []).kind)).not.toContain('accepted');
  });
});

describe('the key of an event', () => {
  it('is the same through both schemas', () => {
    expect(keyOf(cloudEvent)).toBe(keyOf(gridEvent));
  });

  it.each([
    ['the letters of the topic', { topic: armId.toUpperCase() }],
    ['a slash at the end of the topic', { topic: `${armId}/` }],
    ['the letters of the type', { eventType: gridEvent.eventType.toUpperCase() }],
    ['what is finer than a millisecond', { eventTime: '2026-11-22T01:03:11.4419999Z' }],
    ['how the moment is written', { eventTime: '2026-11-22T02:03:11.441+01:00' }],
    ['the data', { data: { nodePoolName: 'system' } }],
  ])('does not depend on %s', (_case, overrides) => {
    expect(keyOf({ ...gridEvent, ...overrides })).toBe(keyOf(gridEvent));
  });

  it.each([
    ['another id', { id: 'e2' }],
    ['an id in other letters', { id: 'E1' }],
    ['another millisecond', { eventTime: '2026-11-22T01:03:11.442Z' }],
    ['another type', { eventType: 'Microsoft.ContainerService.NodePoolRollingStarted' }],
    ['another cluster', { topic: `${armId}2` }],
  ])('tells %s apart', (_case, overrides) => {
    expect(keyOf({ ...gridEvent, ...overrides })).not.toBe(keyOf(gridEvent));
  });

  it('exists for a CloudEvent without a time', () => {
    const timeless = { ...cloudEvent, time: undefined };

    expect(readEvent(timeless, inScope)).toMatchObject({ kind: 'accepted', event: { time: '' } });
  });
});

describe('an event that leads to nothing', () => {
  it.each([
    ['of an unknown type', { eventType: 'Contoso.Something' }, 'type Contoso.Something'],
    [
      'of an unknown type from an impossible source',
      { eventType: 'Contoso.Something', topic: 'nowhere' },
      'type Contoso.Something',
    ],
    [
      'about another resource',
      { eventType: 'Microsoft.Resources.ResourceWriteSuccess', subject: '/subscriptions/1' },
      'not about a cluster',
    ],
    [
      'of another subscription',
      { topic: armId.replace('4e1f6a52', 'ffffffff') },
      'the subscription is not in scope',
    ],
  ])('is ignored when it is %s', (_case, overrides, reason) => {
    expect(readEvent({ ...gridEvent, ...overrides }, inScope)).toEqual({ kind: 'ignored', reason });
  });

  const source = 'the source is not a managed cluster';
  const pool = 'the node pool has an impossible name';
  it.each([
    ['from an absolute URL', { topic: `https://management.azure.com${armId}` }, source],
    ['from a node pool', { topic: `${armId}/agentPools/apps` }, source],
    ['from a relative id', { topic: armId.slice(1) }, source],
    ['about a pool in capitals', { data: { nodePoolName: 'Apps' } }, pool],
    ['about a pool that is a path', { data: { nodePoolName: '../x' } }, pool],
    ['about a pool that is a number', { data: { nodePoolName: 7 } }, pool],
    ['about a pool that is null', { data: { nodePoolName: null } }, pool],
    ['from a time that cannot be read', { eventTime: 'yesterday' }, 'eventTime: cannot be read'],
  ])('is quarantined when it is %s', (_case, overrides, reason) => {
    expect(readEvent({ ...gridEvent, ...overrides }, inScope)).toEqual({
      kind: 'quarantined',
      reason,
    });
  });

  it.each([
    [undefined],
    [null],
    [7],
    ['event'],
    [[]],
    [{}],
    [[gridEvent]],
    [{ ...gridEvent, id: '' }],
    [{ ...gridEvent, id: 7 }],
    [{ ...gridEvent, topic: undefined }],
    [{ ...gridEvent, metadataVersion: '2' }],
    [{ ...cloudEvent, specversion: '0.3' }],
    [{ ...cloudEvent, time: 'soon' }],
    [{ specversion: '1.0' }],
  ])('is quarantined when it is malformed (%#)', (element) => {
    expect(readEvent(element, inScope).kind).toBe('quarantined');
  });
});

describe('the data of an event', () => {
  it.each([[null], [undefined], ['text'], [[1, 2]], [7]])('may be %p', (data) => {
    const reading = readEvent({ ...gridEvent, data }, inScope);

    expect(reading).toMatchObject({ kind: 'accepted' });
    expect(reading).not.toHaveProperty('event.pool');
  });

  it('is read by its own members only', () => {
    const text = JSON.stringify(gridEvent).replace(
      '{"nodePoolName":"apps"}',
      '{"__proto__":{"nodePoolName":"apps"},"constructor":{"prototype":{"polluted":1}}}',
    );
    const reading = readEvent(JSON.parse(text), inScope);

    expect(reading).toMatchObject({ kind: 'accepted' });
    expect(reading).not.toHaveProperty('event.pool');
    expect({}).not.toHaveProperty('polluted');
  });
});

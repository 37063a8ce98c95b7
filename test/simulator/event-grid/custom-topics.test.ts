import { createHmac } from 'node:crypto';

import { objectAt, textAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';

const subscription = '/subscriptions/11111111-1111-4111-8111-111111111111';
const group = `${subscription}/resourceGroups/rg`;
const topic = `${group}/providers/Microsoft.EventGrid/topics/t1`;
const storage = `${group}/providers/Microsoft.Storage/storageAccounts/mail`;
const version = 'api-version=2025-02-15';
const host = 't1.westeurope-1.eventgrid.azure.net';
const event = {
  id: 'e1',
  subject: 'things/1',
  eventType: 'Thing.Made',
  eventTime: '2026-11-24T08:00:00Z',
  data: { color: 'blue' },
  dataVersion: '7',
};

describe('a custom topic', () => {
  it('is created with an endpoint and two keys that can be renewed', async () => {
    await using azure = await aTopic('EventGridSchema');

    const got = await azure.arm('GET', `${topic}?${version}`);
    const before = await keys(azure);
    const renewed = await azure.arm('POST', `${topic}/regenerateKey?${version}`, {
      body: { keyName: 'key1' },
    });

    expect(got.body).toMatchObject({
      properties: { provisioningState: 'Succeeded', endpoint: `https://${host}/api/events` },
    });
    expect(textAt(renewed.body, 'key1')).not.toBe(before['key1']);
    expect(textAt(renewed.body, 'key2')).toBe(before['key2']);
  });

  it('delivers what is published to it, as it was', async () => {
    await using azure = await aTopic('EventGridSchema');
    const key = textAt(await keys(azure), 'key2') ?? '';

    const reply = await publish(azure, [event], { 'aeg-sas-key': key });

    expect(reply.status).toBe(200);
    expect(await queued(azure)).toMatchObject([
      { ...event, topic, eventTime: '2026-11-24T08:00:00.0000000Z' },
    ]);
  });

  it('takes a signed token until it ends', async () => {
    await using azure = await aTopic('EventGridSchema');
    const key = textAt(await keys(azure), 'key1') ?? '';
    const until = azure.simulator.clock.now() + 60_000;
    const signed = `r=${encodeURIComponent(`https://${host}/api/events`)}&e=${encodeURIComponent(new Date(until).toISOString())}`;
    const hmac = createHmac('sha256', Buffer.from(key, 'base64')).update(signed).digest('base64');
    const headers = { 'aeg-sas-token': `${signed}&s=${encodeURIComponent(hmac)}` };

    const early = await publish(azure, [event], headers);
    azure.advanceMinutes(2);
    const late = await publish(azure, [event], headers);

    expect([early.status, late.status]).toEqual([200, 401]);
  });

  it.each([
    ['no key', [event], {}, 401],
    ['a wrong key', [event], { 'aeg-sas-key': 'x' }, 401],
    ['one event without a type', [event, { ...event, eventType: undefined }], undefined, 400],
    ['no list', event, undefined, 400],
    ['more than 1 MB', [{ ...event, data: 'x'.repeat(1_100_000) }], undefined, 413],
  ] as const)('refuses %s and delivers nothing of it', async (...[, body, headers, status]) => {
    await using azure = await aTopic('EventGridSchema');
    const key = textAt(await keys(azure), 'key1') ?? '';

    const reply = await publish(azure, body, headers ?? { 'aeg-sas-key': key });

    expect(reply.status).toBe(status);
    expect(textAt(reply.body, 'error', 'code')).toBeDefined();
    expect(await queued(azure)).toEqual([]);
  });

  it('of CloudEvents takes single, many and binary ones', async () => {
    await using azure = await aTopic('CloudEventSchemaV1_0');
    const key = textAt(await keys(azure), 'key1') ?? '';
    const cloud = { specversion: '1.0', id: 'a', source: '/me', type: 'T', traceparent: '00-1' };
    const send = (body: unknown, headers: Record<string, string>) =>
      publish(azure, body, { 'aeg-sas-key': key, ...headers });

    await send(cloud, { 'content-type': 'application/cloudevents+json' });
    await send([{ ...cloud, id: 'b' }], { 'content-type': 'application/cloudevents-batch+json' });
    const binary = { 'ce-specversion': '1.0', 'ce-id': 'c', 'ce-source': '/me', 'ce-type': 'T' };
    await send({ x: 1 }, { 'content-type': 'application/json', ...binary });

    const [first, second, third] = await queued(azure);
    expect(first).toMatchObject(cloud);
    expect(second).toMatchObject({ id: 'b', source: '/me' });
    expect(third).toMatchObject({ id: 'c', type: 'T', data: { x: 1 } });
  });
});

/** A topic whose events go to a queue. */
async function aTopic(inputSchema: string): Promise<Driven> {
  const azure = await drive({
    scenario: {
      resources: [
        { id: subscription, subscriptionId: subscription.slice(15), state: 'Enabled' },
        { id: group, name: 'rg', location: 'westeurope' },
        { id: storage },
      ],
    },
  });
  await azure.arm('PUT', `${topic}?${version}`, {
    body: { location: 'westeurope', properties: { inputSchema } },
  });
  azure.advanceMinutes(1);
  const destination = {
    endpointType: 'StorageQueue',
    properties: { resourceId: storage, queueName: 'q' },
  };
  await azure.arm('PUT', `${topic}/eventSubscriptions/s?${version}`, {
    body: { properties: { destination, eventDeliverySchema: inputSchema } },
  });
  return azure;
}

async function keys(azure: Driven): Promise<JsonObject> {
  return objectAt((await azure.arm('POST', `${topic}/listKeys?${version}`)).body);
}

async function publish(
  azure: Driven,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${azure.simulator.url}/_eventgrid/${host}/api/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as Json) };
}

async function queued(azure: Driven): Promise<readonly Json[]> {
  await azure.control('POST', 'events/deliver', {});
  const kept = await azure.control('GET', `events/kept?resourceId=${storage}&name=q`);
  return (kept as readonly Json[]).map((each) => JSON.parse(textAt(each, 'body') ?? '') as Json);
}

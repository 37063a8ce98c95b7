import type { ServerResponse } from 'node:http';

import { answersHandshake } from '../../../simulator/event-grid/handshake';
import type { EndpointToValidate } from '../../../simulator/event-grid/handshake';
import { answering, Receiver } from './receiver';
import type { Received } from './receiver';

describe('the handshake of the Event Grid schema', () => {
  it('sends a validation event and takes the code that comes back', async () => {
    await using receiver = await Receiver.start(repeatCode);

    const answered = await validate(receiver, 'EventGridSchema');

    const [request] = receiver.received;
    expect(answered).toBe(true);
    expect(request).toMatchObject({
      method: 'POST',
      headers: {
        'aeg-event-type': 'SubscriptionValidation',
        'aeg-subscription-name': 'STEWARD',
        'aeg-delivery-count': '0',
      },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual([
      {
        id: 'id-2',
        topic: '/topic',
        subject: '',
        eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
        eventTime: '2026-11-24T00:00:00.0000000Z',
        data: { validationCode: 'id-1' },
        dataVersion: '2',
        metadataVersion: '1',
      },
    ]);
  });

  it.each([
    ['another code', 200, '{"validationResponse":"id-9"}'],
    ['the code with 202', 202, '{"validationResponse":"id-1"}'],
    ['no code', 200, ''],
    ['a list', 200, '["id-1"]'],
    ['null', 200, 'null'],
    ['text', 200, 'id-1'],
    ['an error', 500, '{"validationResponse":"id-1"}'],
  ])('fails when the receiver answers %s', async (_, status, body) => {
    await using receiver = await Receiver.start((_request, response) => {
      response.writeHead(status).end(body);
    });

    await expect(validate(receiver, 'EventGridSchema')).resolves.toBe(false);
  });
});

describe('the handshake of CloudEvents', () => {
  it.each(['eventgrid.azure.net', '*'])('takes the allowed origin %s', async (origin) => {
    await using receiver = await Receiver.start(allow(200, origin));

    const answered = await validate(receiver, 'CloudEventSchemaV1_0');

    expect(answered).toBe(true);
    expect(receiver.received).toMatchObject([
      { method: 'OPTIONS', headers: { 'webhook-request-origin': 'eventgrid.azure.net' }, body: '' },
    ]);
  });

  it.each([
    ['another origin', allow(200, 'example.org')],
    ['no origin', answering(200)],
    ['an error', allow(401, '*')],
  ])('fails when the receiver answers %s', async (_, respond) => {
    await using receiver = await Receiver.start(respond);

    await expect(validate(receiver, 'CloudEventSchemaV1_0')).resolves.toBe(false);
  });
});

describe('a handshake', () => {
  it('fails when nobody listens', async () => {
    const answered = await answersHandshake(
      anEndpoint({ url: 'http://127.0.0.1:9/hook', schema: 'EventGridSchema' }),
      new AbortController().signal,
    );

    expect(answered).toBe(false);
  });

  it('ends when it is canceled', async () => {
    const canceling = new AbortController();
    await using receiver = await Receiver.start(() => {
      canceling.abort();
    });
    const endpoint = anEndpoint({ url: receiver.url, schema: 'CloudEventSchemaV1_0' });

    await expect(answersHandshake(endpoint, canceling.signal)).resolves.toBe(false);
  });
});

function validate(receiver: Receiver, schema: EndpointToValidate['schema']): Promise<boolean> {
  const endpoint = anEndpoint({ url: receiver.url, schema });
  return answersHandshake(endpoint, new AbortController().signal);
}

function anEndpoint(endpoint: Pick<EndpointToValidate, 'url' | 'schema'>): EndpointToValidate {
  let ids = 0;
  return {
    subscriptionName: 'steward',
    topic: '/topic',
    now: Date.UTC(2026, 10, 24),
    newId: () => `id-${++ids}`,
    ...endpoint,
  };
}

function repeatCode({ body }: Received, response: ServerResponse): void {
  const [event] = JSON.parse(body) as [{ data: { validationCode: string } }];
  response.end(JSON.stringify({ validationResponse: event.data.validationCode }));
}

function allow(status: number, origin: string) {
  return (_: Received, response: ServerResponse): void => {
    response.writeHead(status, { 'WebHook-Allowed-Origin': origin }).end();
  };
}

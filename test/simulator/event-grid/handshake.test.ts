import type { ServerResponse } from 'node:http';

import { shakeHands } from '../../../simulator/event-grid/handshake';
import type { EndpointToValidate } from '../../../simulator/event-grid/handshake';
import { answering, Receiver } from './receiver';
import type { Received } from './receiver';

describe('the handshake of the Event Grid schema', () => {
  it('sends a validation event and takes the code that comes back', async () => {
    await using receiver = await Receiver.start(repeatCode);

    const answered = await validate(receiver, 'EventGridSchema');

    const [request] = receiver.received;
    expect(answered).toBe('proved');
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
        id: 'id-1',
        topic: '/topic',
        subject: '',
        eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
        eventTime: '2026-11-24T00:00:00.0000000Z',
        data: {
          validationCode: 'id-0',
          validationUrl:
            'https://rp-global.eventgrid.azure.net/eventsubscriptions/steward/validate?id=id-0',
        },
        dataVersion: '2',
        metadataVersion: '1',
      },
    ]);
  });

  it.each([
    ['another code', 200, '{"validationResponse":"id-9"}'],
    ['the code with 202', 202, '{"validationResponse":"id-0"}'],
    ['an error', 500, '{"validationResponse":"id-0"}'],
  ])('fails when the receiver answers %s', async (_, status, body) => {
    await using receiver = await Receiver.start((_request, response) => {
      response.writeHead(status).end(body);
    });

    await expect(validate(receiver, 'EventGridSchema')).resolves.toBe('refused');
  });
});

describe('an endpoint of the Event Grid schema', () => {
  it.each(['', '["id-0"]', 'null', 'id-0'])('may prove itself later after %j', async (body) => {
    await using receiver = await Receiver.start((_request, response) => {
      response.writeHead(200).end(body);
    });

    await expect(validate(receiver, 'EventGridSchema')).resolves.toBe('later');
  });
});

describe('the handshake of CloudEvents', () => {
  it.each(['eventgrid.azure.net', '*'])('takes the allowed origin %s', async (origin) => {
    await using receiver = await Receiver.start(allow(200, origin));

    const answered = await validate(receiver, 'CloudEventSchemaV1_0');

    expect(answered).toBe('proved');
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

    await expect(validate(receiver, 'CloudEventSchemaV1_0')).resolves.toBe('refused');
  });
});

describe('a handshake', () => {
  it('fails when nobody listens', async () => {
    const answered = await shakeHands(
      anEndpoint({ url: 'http://127.0.0.1:9/hook', schema: 'EventGridSchema' }),
      new AbortController().signal,
    );

    expect(answered).toBe('refused');
  });

  it('ends when it is canceled', async () => {
    const canceling = new AbortController();
    await using receiver = await Receiver.start(() => {
      canceling.abort();
    });
    const endpoint = anEndpoint({ url: receiver.url, schema: 'CloudEventSchemaV1_0' });

    await expect(shakeHands(endpoint, canceling.signal)).resolves.toBe('refused');
  });
});

function validate(
  receiver: Receiver,
  schema: EndpointToValidate['schema'],
): ReturnType<typeof shakeHands> {
  const endpoint = anEndpoint({ url: receiver.url, schema });
  return shakeHands(endpoint, new AbortController().signal);
}

function anEndpoint(endpoint: Pick<EndpointToValidate, 'url' | 'schema'>): EndpointToValidate {
  let ids = 0;
  return {
    subscriptionName: 'steward',
    topic: '/topic',
    validationCode: 'id-0',
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

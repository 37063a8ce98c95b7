import { app, type HttpResponseInit } from '@azure/functions';
import * as df from 'durable-functions';

import type { Hub, Topic } from './scenario';

type Parameters = Readonly<Record<string, string>>;
type Use = (client: df.DurableClient, parameters: Parameters) => Promise<unknown>;

/** What the HTTP function below does with its durable client. */
const uses: Readonly<Record<string, Use>> = {
  start: (client, { name = '', id = '' }) =>
    client.startNew(name, { instanceId: id, input: { from: 'a client' } }),
  status: (client, { id = '' }) => client.getStatus(id, { showInput: true }),
  raise: (client, { id = '' }) => client.raiseEvent(id, 'go', { ok: true }),
  terminate: (client, { id = '' }) => client.terminate(id, 'enough'),
  suspend: (client, { id = '' }) => client.suspend(id, 'pause'),
  resume: (client, { id = '' }) => client.resume(id, 'on'),
  purge: (client, { id = '' }) => client.purgeInstanceHistory(id),
  entity: (client, { id = '' }) => client.readEntityState(new df.EntityId('account', id)),
};

async function useClient(hub: Hub, use: string, query: Parameters): Promise<unknown> {
  const search = new URLSearchParams({ use, ...query });
  const { status, body } = await hub.request(`client?${search.toString()}`);
  return [use, status, body];
}

/** Functions with a durable client. */
export const clients: Topic = {
  register() {
    app.http('client', {
      authLevel: 'anonymous',
      extraInputs: [df.input.durableClient()],
      handler: async (request, context): Promise<HttpResponseInit> => {
        const parameters = Object.fromEntries(request.query.entries());
        try {
          const use = uses[parameters['use'] ?? ''];
          return { jsonBody: (await use?.(df.getClient(context), parameters)) ?? 'done' };
        } catch (error) {
          return { status: 418, jsonBody: (error as Error).message };
        }
      },
    });
    app.http('links', {
      authLevel: 'anonymous',
      extraInputs: [df.input.durableClient()],
      handler: (request, context): HttpResponseInit =>
        df.getClient(context).createCheckStatusResponse(request, 'an-instance'),
    });
  },
  scenarios: {
    'a client that starts and controls an instance': async (hub) => {
      const id = hub.prefix;
      const results = [await useClient(hub, 'start', { name: 'waitsForGo', id })];
      await hub.until(id, ({ customStatus }) => customStatus === 'waiting');
      results.push(
        await useClient(hub, 'start', { name: 'waitsForGo', id }),
        await useClient(hub, 'suspend', { id }),
      );
      await hub.until(id, ({ status }) => status === 'Suspended');
      results.push(await useClient(hub, 'resume', { id }));
      await hub.until(id, ({ status }) => status === 'Running');
      results.push(await useClient(hub, 'raise', { id }));
      const end = await hub.ended(id);
      for (const use of ['status', 'raise', 'terminate', 'purge', 'purge', 'status']) {
        results.push(await useClient(hub, use, { id }));
      }
      return { results, end };
    },
    'a client that reads an entity': async (hub) => {
      const id = hub.prefix;
      const before = await useClient(hub, 'entity', { id });
      await hub.signal('account', id, { op: 'add', input: 2 });
      await hub.entity('account', id, (balance) => balance === 2);
      return [before, await useClient(hub, 'entity', { id })];
    },
    'the links that a client gives out': async (hub) => {
      const { status, body, headers } = await hub.request('links');
      const links = Object.entries(body as Parameters).map(([name, link]) => [
        name,
        link.replace(/taskHub=\w+/, 'taskHub=<hub>'),
      ]);
      const leadsNowhere = await fetch((body as Parameters)['statusQueryGetUri'] ?? '');
      return { status, links, retry: headers.get('retry-after'), followed: leadsNowhere.status };
    },
  },
};

import type { Hub, HttpAnswer, Topic } from './scenario';

type Row = Readonly<Record<string, unknown>>;

async function threeEnded(hub: Hub): Promise<void> {
  for (const input of [0, 1, 2]) await hub.run('chain', input, { id: `${hub.prefix}-${input}` });
}

function rows({ body }: HttpAnswer): unknown[] {
  return (body as Row[]).map(({ instanceId, name, runtimeStatus, input, output }) => ({
    ...{ instanceId, name, runtimeStatus, input, output },
  }));
}

/** One call; its status and, when it failed, what was said. */
async function answers(hub: Hub, calls: readonly (readonly [string, string, unknown?])[]) {
  const results: unknown[] = [];
  for (const [method, path, body] of calls) {
    const answer = await hub.call(method, path, body);
    results.push([`${method} ${path}`, answer.status, answer.status === 404 ? '' : answer.body]);
  }
  return results;
}

/** The Durable HTTP API. */
export const management: Topic = {
  register: () => undefined,
  scenarios: {
    'the answer to a start': async (hub) => {
      const { status, body, headers } = await hub.call('POST', `orchestrators/chain/${hub.prefix}`);
      const location = headers.get('location')?.replace(/\?.*/, '');
      return {
        status,
        location,
        retry: headers.get('retry-after'),
        links: Object.keys(body as Row),
      };
    },
    'a start that waits for the end': async (hub) => {
      const path = `orchestrators/chain/${hub.prefix}?timeout=20&pollingInterval=1`;
      const { status, body } = await hub.call('POST', path, 2);
      return { status, body };
    },
    'a start that waits in vain': async (hub) => {
      const path = `orchestrators/waitsForGo/${hub.prefix}?timeout=2&pollingInterval=1`;
      const { status, body } = await hub.call('POST', path);
      await hub.control(hub.prefix, 'terminate');
      return { status, links: Object.keys(body as Row) };
    },
    'the status of an ended instance': async (hub) => {
      const id = await hub.start('chain', { input: 1 });
      await hub.ended(id);
      const { status, body } = await hub.call('GET', `instances/${id}`);
      const withoutInput = await hub.call('GET', `instances/${id}?showInput=false`);
      return { status, body, withoutInput: withoutInput.body };
    },
    'the history of an ended instance': async (hub) => {
      const id = await hub.start('chain', { input: 2 });
      await hub.ended(id);
      const path = `instances/${id}?showHistory=true&showHistoryOutput=true`;
      const { body } = await hub.call('GET', path);
      const entries = (body as { historyEvents: Row[] }).historyEvents;
      return entries.map((entry) =>
        Object.fromEntries(Object.entries(entry).filter(([name]) => known.has(name))),
      );
    },
    'a query by prefix': async (hub) => {
      await threeEnded(hub);
      const answer = await hub.call('GET', `instances?instanceIdPrefix=${hub.prefix}`);
      return { status: answer.status, rows: rows(answer) };
    },
    'a query in pages': async (hub) => {
      await threeEnded(hub);
      const pages = await hub.pages(`instances?instanceIdPrefix=${hub.prefix}&top=2`);
      const none = await hub.call('GET', `instances?instanceIdPrefix=${hub.prefix}-none`);
      const found = pages.flat().map((row) => (row as Row)['instanceId']);
      const tooLarge = pages.filter((page) => page.length > 2).length;
      return { found, tooLarge, none: [none.status, none.body] };
    },
    'a query by status': async (hub) => {
      await threeEnded(hub);
      const query = `instances?instanceIdPrefix=${hub.prefix}&runtimeStatus=`;
      const completed = rows(await hub.call('GET', `${query}Completed,Failed`)).length;
      const running = rows(await hub.call('GET', `${query}Running`)).length;
      const since = `instances?instanceIdPrefix=${hub.prefix}&createdTimeFrom=2099-01-01T00:00:00Z`;
      const later = rows(await hub.call('GET', since)).length;
      return { completed, running, later };
    },
    'calls for an instance that does not exist': (hub) =>
      answers(hub, [
        ['GET', 'instances/none'],
        ['POST', 'instances/none/raiseEvent/e', 1],
        ['POST', 'instances/none/terminate?reason=x'],
        ['POST', 'instances/none/suspend'],
        ['POST', 'instances/none/resume'],
        ['POST', 'instances/none/rewind'],
        ['POST', 'instances/none/restart'],
        ['DELETE', 'instances/none'],
      ]),
    'calls that ask for nothing there is': (hub) =>
      answers(hub, [
        ['GET', 'nothing'],
        ['PUT', 'instances/none'],
        ['DELETE', 'instances'],
        ['DELETE', 'instances?createdTimeFrom=2099-01-01T00:00:00Z'],
        ['GET', 'entities/account/none'],
        ['GET', 'entities/nowhere/none'],
      ]),
  },
};

/** What the local host shows of an entry too. */
const known = new Set([
  'EventType',
  'FunctionName',
  'Name',
  'Result',
  'Input',
  'OrchestrationStatus',
]);

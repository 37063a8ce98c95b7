import * as df from 'durable-functions';

import type { Hub, Outcome, Topic } from './scenario';

const waits = ({ customStatus, status }: Outcome): boolean =>
  customStatus === 'waiting' && status === 'Running';

async function waiting(hub: Hub, name: string): Promise<string> {
  const id = await hub.start(name);
  await hub.until(id, waits);
  return id;
}

/** What an operator does with instances. */
export const control: Topic = {
  register() {
    df.app.orchestration('waitsForGo', function* (context) {
      context.df.setCustomStatus('waiting');
      const go = (yield context.df.waitForExternalEvent('go')) as unknown;
      return [go, (yield context.df.callActivity('echo', 'gone')) as string];
    });
    df.app.orchestration('waitsForChild', function* (context) {
      context.df.setCustomStatus('waiting');
      try {
        const id = `${context.df.instanceId}-child`;
        return (yield context.df.callSubOrchestrator('waitsForGo', null, id)) as unknown;
      } catch (error) {
        return (error as Error).message;
      }
    });
    df.app.orchestration('failsFirst', function* (context) {
      yield context.df.callActivity('echo', 'before');
      const input = { key: context.df.instanceId, failures: 1 };
      return (yield context.df.callActivity('flaky', input)) as string;
    });
    df.app.orchestration('childFailsFirst', function* (context) {
      const id = `${context.df.instanceId}-child`;
      return (yield context.df.callSubOrchestrator('failsFirst', null, id)) as string;
    });
  },
  scenarios: {
    'an instance that is suspended and resumed': async (hub) => {
      const id = await waiting(hub, 'waitsForGo');
      const codes = [await hub.control(id, 'suspend', 'pause')];
      const suspended = await hub.until(id, ({ status }) => status === 'Suspended');
      codes.push(await hub.raise(id, 'go', 'now'), await hub.control(id, 'suspend'));
      const meanwhile = await hub.stuck(id);
      codes.push(await hub.control(id, 'resume'));
      return { codes, suspended, meanwhile, end: await hub.ended(id) };
    },
    'an instance that is terminated': async (hub) => {
      const id = await waiting(hub, 'waitsForGo');
      const codes = [await hub.control(id, 'terminate', 'enough')];
      const end = await hub.ended(id);
      for (const action of ['terminate', 'suspend', 'resume', 'rewind']) {
        codes.push(await hub.control(id, action));
      }
      return { codes, end, raised: await hub.raise(id, 'go') };
    },
    'a suspended instance that is terminated': async (hub) => {
      const id = await waiting(hub, 'waitsForGo');
      await hub.control(id, 'suspend');
      await hub.until(id, ({ status }) => status === 'Suspended');
      return [await hub.control(id, 'terminate', 'enough'), await hub.ended(id)];
    },
    'a parent that is terminated': async (hub) => {
      const id = await hub.start('waitsForChild');
      await hub.until(`${id}-child`, waits);
      await hub.control(id, 'terminate');
      const end = await hub.ended(id);
      return { end, child: await hub.stuck(`${id}-child`) };
    },
    'a child that is terminated': async (hub) => {
      const id = await hub.start('waitsForChild');
      await hub.until(`${id}-child`, waits);
      await hub.control(`${id}-child`, 'terminate');
      return hub.ended(id);
    },
    'a failed instance that is rewound': async (hub) => {
      const id = await hub.start('failsFirst');
      const failed = await hub.ended(id);
      const code = await hub.control(id, 'rewind');
      const end = await hub.until(id, ({ status }) => status === 'Completed');
      return { failed, code, end };
    },
    'a parent that is rewound because of its child': async (hub) => {
      const id = await hub.start('childFailsFirst');
      await hub.ended(id);
      const code = await hub.control(id, 'rewind');
      const end = await hub.until(id, ({ status }) => status === 'Completed');
      return { code, end, child: await hub.ended(`${id}-child`) };
    },
    'an instance that is restarted': async (hub) => {
      const id = (await hub.start('chain', { input: 2 })) || '';
      await hub.ended(id);
      const again = await hub.call('POST', `instances/${id}/restart`);
      const other = (again.body as { id: string }).id;
      return { code: again.status, isOther: other !== id, end: await hub.ended(other) };
    },
    'an instance that is restarted under its own id': async (hub) => {
      const id = await hub.start('chain', { input: 2 });
      await hub.ended(id);
      const path = `instances/${id}/restart?restartWithNewInstanceId=false`;
      const { status } = await hub.call('POST', path);
      return { status, end: await hub.ended(id) };
    },
    'a live instance that is restarted under its own id': async (hub) => {
      const id = await waiting(hub, 'waitsForGo');
      const path = `instances/${id}/restart?restartWithNewInstanceId=false`;
      const { status, body } = await hub.call('POST', path);
      return { status, body };
    },
    'an instance that is started twice': async (hub) => {
      const id = await waiting(hub, 'waitsForGo');
      const { status, body } = await hub.call('POST', `orchestrators/waitsForGo/${id}`);
      await hub.raise(id, 'go', 1);
      await hub.ended(id);
      const afterwards = await hub.call('POST', `orchestrators/chain/${id}`, 1);
      return { status, body, afterwards: afterwards.status, end: await hub.ended(id) };
    },
    'an instance that is purged': async (hub) => {
      const id = await hub.start('chain', { input: 1 });
      await hub.ended(id);
      const purged = await hub.call('DELETE', `instances/${id}`);
      const again = await hub.call('DELETE', `instances/${id}`);
      const gone = await hub.call('GET', `instances/${id}`);
      return [purged.status, purged.body, again.status, gone.status];
    },
    'a live instance that is purged': async (hub) => {
      const id = await waiting(hub, 'waitsForGo');
      const { status, body } = await hub.call('DELETE', `instances/${id}`);
      return { status, body, still: (await hub.until(id, waits)).status };
    },
  },
};

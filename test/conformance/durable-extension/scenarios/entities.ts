import * as df from 'durable-functions';

import type { Topic } from './scenario';

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** What `df.lock` resolves with; the SDK does not name its type. */
interface Lock {
  release(): void;
}

function account(key: string): df.EntityId {
  return new df.EntityId('account', key);
}

/** Things with a state of their own, and locks on them. */
export const entities: Topic = {
  register() {
    df.app.entity('account', (context) => {
      const balance = Number(context.df.getState(() => 0));
      const input = context.df.getInput<unknown>();
      const operations: Record<string, () => void> = {
        add() {
          context.df.setState(balance + Number(input));
        },
        get() {
          context.df.return(balance);
        },
        fail() {
          context.df.setState(-1);
          throw new Error('the account is closed');
        },
        pass() {
          const { to, amount } = input as Transfer;
          context.df.signalEntity(account(to), 'add', amount);
        },
        show() {
          context.df.return({ input, kind: typeof input });
        },
        delete() {
          context.df.destructOnExit();
        },
      };
      operations[context.df.operationName ?? '']?.();
    });
    df.app.orchestration('usesAccount', function* (context) {
      const id = account(context.df.getInput());
      context.df.signalEntity(id, 'add', 5);
      yield context.df.callEntity(id, 'add', 7);
      return (yield context.df.callEntity(id, 'get')) as number;
    });
    df.app.orchestration('usesClosedAccount', function* (context) {
      const id = account(context.df.getInput());
      let message = 'nothing was thrown';
      try {
        yield context.df.callEntity(id, 'fail');
      } catch (error) {
        ({ message } = error as Error);
      }
      return [message, (yield context.df.callEntity(id, 'get')) as number];
    });
    df.app.orchestration('showsInputs', function* (context) {
      const shown: unknown[] = [];
      for (const value of [true, false, 0, 1.5, '', 'text', '123', [1], { a: null }, null]) {
        shown.push(yield context.df.callEntity(account('shown'), 'show', value));
      }
      return shown;
    });
    df.app.orchestration('transfer', function* (context) {
      const { from, to, amount } = context.df.getInput<Transfer>();
      const lock = (yield context.df.lock(account(from), account(to))) as Lock;
      const { isLocked } = context.df.isLocked();
      const before = (yield context.df.callEntity(account(from), 'get')) as number;
      yield context.df.callEntity(account(from), 'add', -amount);
      yield context.df.callActivity('slow', { ms: 5, value: null });
      yield context.df.callEntity(account(to), 'add', amount);
      lock.release();
      yield context.df.callActivity('echo', 'receipt');
      return { isLocked, before: typeof before };
    });
    df.app.orchestration('breaksLockRules', function* (context) {
      const key = context.df.getInput<string>();
      const lock = (yield context.df.lock(account(key))) as Lock;
      try {
        yield context.df.callEntity(account('another'), 'get');
      } catch (error) {
        return (error as Error).message;
      } finally {
        lock.release();
      }
      return 'nothing was thrown';
    });
  },
  scenarios: {
    'an entity that is signalled, called and asked': (hub) => hub.run('usesAccount', hub.prefix),
    'an entity that throws': (hub) => hub.run('usesClosedAccount', hub.prefix),
    'an entity that is shown values': (hub) => hub.run('showsInputs'),
    'an entity that is signalled from outside': async (hub) => {
      const key = hub.prefix;
      const unknown = (await hub.call('GET', `entities/account/${key}`)).status;
      const accepted = [
        await hub.signal('account', key, { op: 'add', input: 4 }),
        await hub.signal('account', key, { op: 'add', input: 5 }),
      ];
      const state = await hub.entity('account', key, (balance) => balance === 9);
      return { unknown, accepted, state };
    },
    'an entity that signals another': async (hub) => {
      const to = `${hub.prefix}-b`;
      await hub.signal('account', `${hub.prefix}-a`, { op: 'pass', input: { to, amount: 3 } });
      return hub.entity('account', to, (balance) => balance === 3);
    },
    'an entity that is deleted': async (hub) => {
      const key = hub.prefix;
      await hub.signal('account', key, { op: 'add', input: 1 });
      await hub.entity('account', key, (balance) => balance === 1);
      await hub.signal('account', key, { op: 'delete' });
      const state = await hub.entity('account', key, (balance) => balance === undefined);
      return state ?? 'gone';
    },
    'a lock on two entities': (hub) =>
      hub.run('transfer', { from: `${hub.prefix}-a`, to: `${hub.prefix}-b`, amount: 5 }),
    'six transfers that cross': async (hub) => {
      const [a, b] = [`${hub.prefix}-a`, `${hub.prefix}-b`];
      const ids: string[] = [];
      for (let n = 0; n < 6; n += 1) {
        const [from, to] = n % 2 === 0 ? [a, b] : [b, a];
        ids.push(await hub.start('transfer', { input: { from, to, amount: n } }));
      }
      const ends = [];
      for (const id of ids) ends.push((await hub.ended(id)).status);
      const balance = (key: string, sum: number) =>
        hub.entity('account', key, (state) => state === sum);
      return { ends, a: await balance(a, 3), b: await balance(b, -3) };
    },
    'a call that the lock forbids': (hub) => hub.run('breaksLockRules', hub.prefix),
  },
};

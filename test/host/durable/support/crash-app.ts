import * as df from 'durable-functions';
import { activity, attempt, firstLine, orchestrator, wait } from './define';

/** What the functions see of the process that runs them; set before anything is started. */
export const surroundings = {
  /** Writes down that something happened; what was written survives the process. */
  note: (_line: string): void => undefined,
  noted: (_line: string): boolean => false,
  now: (): number => 0,
  /** Server that answers 202 for a while */
  web: '',
};

interface Step {
  readonly key: string;
  readonly value: number;
}

const ran = (key: string): void => {
  surroundings.note(`run ${key}`);
};

const dayMs = 24 * 3_600_000;

type Context = df.OrchestrationContext['df'];

/** A call of `step` whose key tells it from all others. */
function step(context: Context, name: number | string, value = 0): df.Task {
  return context.callActivity('step', { key: `${context.instanceId}/${name}`, value });
}

const later = (context: Context, ms: number): Date =>
  new Date(context.currentUtcDateTime.getTime() + ms);

activity('step', ({ key, value }: Step) => {
  ran(key);
  return { key, value: value + 1 };
});

activity('late', ({ key, notBefore }: { key: string; notBefore: number }) => {
  ran(key);
  if (surroundings.now() < notBefore) throw new Error(`${key} is not ready`);
  return { key };
});

activity('repairable', ({ key }: { key: string }) => {
  ran(key);
  if (!surroundings.noted(`repaired ${key}`)) throw new Error(`${key} is broken`);
  return { key };
});

orchestrator('chain', function* (context) {
  let value = 0;
  for (const name of [1, 2, 3]) {
    context.setCustomStatus({ step: name });
    ({ value } = yield* wait<Step>(step(context, name, value)));
  }
  return value;
});

orchestrator('fan', function* (context) {
  const few = context.Task.all([step(context, 'a'), step(context, 'b')]);
  const either = context.Task.any([step(context, 'c'), context.waitForExternalEvent('never')]);
  yield context.Task.all([few, either, step(context, 'd')]);
  const deadline = context.createTimer(later(context, dayMs));
  const winner = yield* wait(context.Task.any([deadline, step(context, 'e')]));
  deadline.cancel();
  return winner !== deadline;
});

orchestrator('retries', function* (context) {
  const ready = context.currentUtcDateTime.getTime() + 1500;
  const options = new df.RetryOptions(1000, 5);
  const call = (name: string, notBefore: number, retry: df.RetryOptions): df.Task =>
    context.callActivityWithRetry('late', retry, { key: `retries/${name}`, notBefore });
  yield call('third time', ready, options);
  return firstLine(
    yield* attempt(call('never', Number.MAX_SAFE_INTEGER, new df.RetryOptions(1000, 2))),
  );
});

orchestrator('sleeps', function* (context) {
  const from = context.currentUtcDateTime.getTime();
  yield context.createTimer(later(context, 10_000));
  yield context.createTimer(new Date(from + 10 * dayMs));
  return context.currentUtcDateTime.getTime() - from >= 10 * dayMs;
});

orchestrator('parent', function* (context) {
  const both = [1, 2].map((n) => context.callSubOrchestrator('child', n, `parent-child-${n}`));
  const values = yield* wait<number[]>(context.Task.all(both));
  const ready = context.currentUtcDateTime.getTime() + 1500;
  const options = new df.RetryOptions(1000, 5);
  const retried = context.callSubOrchestratorWithRetry('late child', options, ready);
  return [...values, yield* wait(retried)];
});

orchestrator('child', function* (context) {
  const { value } = yield* wait<Step>(step(context, 1, context.getInput<number>()));
  return value;
});

orchestrator('late child', function* (context) {
  const input = { key: 'late child', notBefore: context.getInput<number>() };
  yield context.callActivity('late', input);
  return 'came late';
});

orchestrator('loop', function* (context) {
  const { turn, heard } = context.getInput<{ turn: number; heard: unknown[] }>();
  yield step(context, turn);
  const words = [...heard, yield context.waitForExternalEvent('word')];
  if (turn < 3) context.continueAsNew({ turn: turn + 1, heard: words });
  return words;
});

orchestrator('listens', function* (context) {
  const heard: unknown[] = [];
  for (const name of [1, 2, 3]) {
    heard.push(yield context.waitForExternalEvent('word'));
    yield step(context, name);
  }
  return heard;
});

orchestrator('polls', function* (context) {
  const request = { method: 'POST', url: `${surroundings.web}/3`, body: 'go' };
  const { statusCode, content } = yield* wait<{ statusCode: number; content: string }>(
    context.callHttp(request),
  );
  return { statusCode, content };
});

orchestrator('transfer', function* (context) {
  const { from, to } = context.getInput<{ from: string; to: string }>();
  const [source, target] = [new df.EntityId('account', from), new df.EntityId('account', to)];
  const lock = yield* wait<df.DurableLock>(context.lock(source, target));
  yield context.callEntity(source, 'add', -10);
  yield context.callEntity(target, 'add', 10);
  lock.release();
  context.signalEntity(new df.EntityId('account', 'fees'), 'add', 1);
  return yield* wait(context.callEntity(new df.EntityId('account', 'fees'), 'get'));
});

orchestrator('forgets its lock', function* (context) {
  yield context.lock(new df.EntityId('account', 'fees'));
  yield step(context, 1);
  return 'never released';
});

orchestrator('waits', function* (context) {
  yield step(context, 1);
  yield context.createTimer(later(context, 100 * dayMs));
  return 'unreachable';
});

orchestrator('fragile', function* (context) {
  yield step(context, 1);
  yield context.callActivity('repairable', { key: context.instanceId });
  yield context.callSubOrchestrator('fragile child', undefined, 'fragile-child');
  return 'repaired';
});

orchestrator('fragile child', function* (context) {
  yield context.callActivity('repairable', { key: context.instanceId });
  return 'repaired';
});

df.app.entity('account', (context) => {
  const balance = Number(context.df.getState(() => 100) ?? 100);
  const amount = context.df.getInput<number>() ?? 0;
  if (context.df.operationName === 'add') context.df.setState(balance + amount);
  context.df.return(balance);
});

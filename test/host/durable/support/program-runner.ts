import * as df from 'durable-functions';
import { activity, attempt, firstLine, orchestrator, wait } from './define';
import type { Leaf, Program, Step, Tree } from './programs';
import { eventNames, leavesOf } from './programs';

type Context = df.OrchestrationContext['df'];
type Steps<Value> = Generator<df.Task, Value, unknown>;

interface Input {
  readonly program: Program;
  readonly results?: readonly unknown[];
}

const betweenRetriesMs = 10_000;

const later = (context: Context, ms: number): Date =>
  new Date(context.currentUtcDateTime.getTime() + ms);

/** Registers the functions that carry out programs; `now` is the clock of the engine. */
export function registerPrograms(now: () => number): void {
  activity('increment', (value: number) => value + 1);
  activity('fail', (value: number) => {
    throw new Error(`no ${value}`);
  });
  activity('late', (notBefore: number) => {
    if (now() < notBefore) throw new Error('not yet');
    return 'fine';
  });
  orchestrator('late child', function* (context) {
    return yield* wait(context.callActivity('late', context.getInput()));
  });
  orchestrator('program', function* (context) {
    const { program, results = [] } = context.getInput<Input>();
    const [steps = [], ...rest] = program;
    const all = [...results];
    for (const step of steps) all.push(yield* perform(context, step));
    if (rest.length > 0) context.continueAsNew({ program: rest, results: all });
    return all;
  });
  df.app.entity('total', (context) => {
    const total = Number(context.df.getState(() => 0) ?? 0) + (context.df.getInput<number>() ?? 0);
    context.df.setState(total);
    context.df.return(total);
  });
}

function* perform(context: Context, step: Step): Steps<unknown> {
  switch (step.kind) {
    case 'tasks':
      return yield* carryOut(context, step.tree);
    case 'race':
      return yield* race(context, step.value);
    case 'hear':
      return yield* wait(context.waitForExternalEvent(step.name));
    case 'hear all': {
      const waits = eventNames.map((name) => context.waitForExternalEvent(name));
      return yield* wait(context.Task.all(waits));
    }
    case 'status':
      context.setCustomStatus(step.value);
      return step.value;
    case 'add':
      return yield* wait(context.callEntity(own(context), 'add', step.value));
    case 'signal':
      context.signalEntity(own(context), 'add', step.value);
      return 'sent';
    case 'transfer':
      return yield* transfer(context, step);
  }
}

const own = (context: Context): df.EntityId =>
  new df.EntityId('total', context.instanceId.replaceAll(':', '-'));

/** After whatever ended the wait, each task is waited for by itself: none is left open. */
function* carryOut(context: Context, tree: Tree): Steps<unknown[]> {
  const tasks: df.Task[] = [];
  yield* attempt(planted(context, tree, tasks));
  const results: unknown[] = [];
  for (const [index, leaf] of leavesOf(tree).entries()) {
    const task = tasks[index];
    const result = task === undefined ? undefined : yield* attempt(task);
    results.push(leaf.kind === 'timer' ? 'fired' : Array.isArray(result) ? result : shown(result));
  }
  return results;
}

const shown = (result: unknown): unknown =>
  typeof result === 'string' ? firstLine(result) : result;

function planted(context: Context, tree: Tree, tasks: df.Task[]): df.Task {
  if (!('of' in tree)) {
    const task = taskOf(context, tree);
    tasks.push(task);
    return task;
  }
  const members = tree.of.map((member) => planted(context, member, tasks));
  return tree.kind === 'all' ? context.Task.all(members) : context.Task.any(members);
}

function taskOf(context: Context, leaf: Leaf): df.Task {
  switch (leaf.kind) {
    case 'call':
      return context.callActivity('increment', leaf.value);
    case 'fail':
      return context.callActivity('fail', leaf.value);
    case 'timer':
      return context.createTimer(later(context, leaf.ms));
    case 'child':
      return context.callSubOrchestrator('program', { program: [leaf.steps] });
    case 'retry':
    case 'retried child': {
      // Half a wait of tolerance: runs take a millisecond of the clock each.
      const notBefore = later(context, (leaf.failures - 0.5) * betweenRetriesMs).getTime();
      const options = new df.RetryOptions(betweenRetriesMs, leaf.attempts);
      return leaf.kind === 'retry'
        ? context.callActivityWithRetry('late', options, notBefore)
        : context.callSubOrchestratorWithRetry('late child', options, notBefore);
    }
  }
}

function* race(context: Context, value: number): Steps<unknown> {
  const call = context.callActivity('increment', value);
  const deadline = context.createTimer(later(context, 3_600_000));
  yield context.Task.any([call, deadline]);
  deadline.cancel();
  return call.result;
}

function* transfer(
  context: Context,
  { way, value }: Extract<Step, { kind: 'transfer' }>,
): Steps<string> {
  const [from, to] = [new df.EntityId('total', way[0]), new df.EntityId('total', way[1])];
  const lock = yield* wait<df.DurableLock>(context.lock(from, to));
  yield context.callEntity(from, 'add', -value);
  yield context.callEntity(to, 'add', value);
  lock.release();
  return 'moved';
}

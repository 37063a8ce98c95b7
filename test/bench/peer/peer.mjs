// The same work on durabletask-js in memory: `node peer.mjs A` prints what one run found.
import {
  InMemoryOrchestrationBackend,
  TestOrchestrationClient,
  TestOrchestrationWorker,
} from '@microsoft/durabletask-js';

const now = () => performance.timeOrigin + performance.now();
const patienceSeconds = 120;
let marks = [];

const backend = new InMemoryOrchestrationBackend(1_000_000);
const client = new TestOrchestrationClient(backend);
const worker = new TestOrchestrationWorker(backend);

worker.addNamedActivity('step', (_context, { due }) => {
  marks.push([now(), due]);
  return { pid: process.pid };
});
worker.addNamedOrchestrator('sequence', async function* (context, { steps }) {
  for (let step = 0; step < steps; step += 1) yield context.callActivity('step', {});
});
worker.addNamedOrchestrator('fanOut', async function* (context, { count }) {
  const { whenAll } = await import('@microsoft/durabletask-js');
  yield whenAll(Array.from({ length: count }, () => context.callActivity('step', {})));
});
worker.addNamedOrchestrator('listen', async function* (context) {
  const { sentAt } = yield context.waitForExternalEvent('wake');
  yield context.callActivity('step', { due: sentAt });
});
worker.addNamedOrchestrator('sleep', async function* (context, { ms }) {
  const due = context.currentUtcDateTime.getTime() + ms;
  yield context.createTimer(new Date(due));
  yield context.callActivity('step', { due });
});

async function start(count, name, input) {
  const ids = [];
  for (let index = 0; index < count; index += 1) {
    ids.push(await client.scheduleNewOrchestration(name, input));
  }
  return ids;
}

async function complete(ids) {
  const ended = ids.map((id) => client.waitForOrchestrationCompletion(id, false, patienceSeconds));
  await Promise.all(ended);
}

/** Seconds in which orchestrations that are started together complete. */
async function secondsOf(count, name, input) {
  const started = performance.now();
  await complete(await start(count, name, input));
  return (performance.now() - started) / 1000;
}

function lateness() {
  const late = marks.map(([at, due]) => at - due).sort((a, b) => a - b);
  return {
    p50: late[Math.ceil(late.length / 2) - 1],
    p99: late[Math.ceil(late.length * 0.99) - 1],
  };
}

async function listen(count) {
  const ids = await start(count, 'listen', {});
  await Promise.all(ids.map((id) => client.waitForOrchestrationStart(id, false, patienceSeconds)));
  await new Promise((resolve) => setTimeout(resolve, 200));
  marks = [];
  for (const id of ids) await client.raiseOrchestrationEvent(id, 'wake', { sentAt: now() });
  await complete(ids);
}

const runs = {
  async A() {
    await secondsOf(20, 'sequence', { steps: 5 });
    return { orchestrationsPerSecond: 1000 / (await secondsOf(1000, 'sequence', { steps: 5 })) };
  },
  async B() {
    await secondsOf(1, 'fanOut', { count: 100 });
    return { activitiesPerSecond: 1000 / (await secondsOf(1, 'fanOut', { count: 1000 })) };
  },
  async C() {
    await listen(200);
    await listen(200);
    const { p50, p99 } = lateness();
    return { wakeMsP50: p50, wakeMsP99: p99 };
  },
  async D() {
    await secondsOf(200, 'sleep', { ms: 1000 });
    marks = [];
    await secondsOf(200, 'sleep', { ms: 1000 });
    const { p50, p99 } = lateness();
    return { lateMsP50: p50, lateMsP99: p99 };
  },
  async E() {
    await secondsOf(1, 'sequence', { steps: 200 });
    marks = [];
    const seconds = await secondsOf(1, 'sequence', { steps: 2000 });
    const gaps = marks.slice(1).map(([at], index) => at - marks[index][0]);
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    return { seconds, lastToFirst: sum(gaps.slice(-100)) / sum(gaps.slice(0, 100)) };
  },
};

// The worker writes lines for every event of a history, which would be most of its work.
for (const level of ['debug', 'info', 'log', 'warn']) console[level] = () => undefined;

await worker.start();
const figures = await runs[process.argv[2]]();
await worker.stop();
process.stdout.write(JSON.stringify(figures), () => process.exit(0));

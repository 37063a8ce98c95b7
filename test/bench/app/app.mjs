// The app that is measured: orchestrations of the shapes of the scenarios, and functions that tell
// what happened in the host's process.
import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { measureCommits, measureReplay, replayWholeLife } from './calibrate.mjs';

const now = () => performance.timeOrigin + performance.now();

/** When each step ran: `[key, time]`, and when it should have, if it is known. */
let marks = [];

df.app.activity('step', {
  handler: ({ key, due }) => {
    marks.push(due === undefined ? [key, now()] : [key, now(), due]);
    return { pid: process.pid };
  },
});

df.app.orchestration('sequence', function* (context) {
  const { steps } = context.df.getInput();
  const key = context.df.instanceId;
  for (let step = 0; step < steps; step += 1) yield context.df.callActivity('step', { key });
});

df.app.orchestration('sequenceInParts', function* (context) {
  const { left, part } = context.df.getInput();
  const key = context.df.instanceId;
  for (let step = 0; step < part; step += 1) yield context.df.callActivity('step', { key });
  if (left > part) context.df.continueAsNew({ left: left - part, part });
});

df.app.orchestration('fanOut', function* (context) {
  const { count } = context.df.getInput();
  const key = context.df.instanceId;
  const calls = Array.from({ length: count }, () => context.df.callActivity('step', { key }));
  yield context.df.Task.all(calls);
});

df.app.orchestration('listen', function* (context) {
  const { sentAt } = yield context.df.waitForExternalEvent('wake');
  yield context.df.callActivity('step', { key: context.df.instanceId, due: sentAt });
});

df.app.orchestration('sleep', function* (context) {
  const { ms } = context.df.getInput();
  const due = context.df.currentUtcDateTime.getTime() + ms;
  yield context.df.createTimer(new Date(due));
  yield context.df.callActivity('step', { key: context.df.instanceId, due });
});

app.http('starter', {
  authLevel: 'anonymous',
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const input = await request.json();
    const id = await df.getClient(context).startNew('listen', { input });
    return { status: 202, jsonBody: { id } };
  },
});

app.http('marks', {
  authLevel: 'anonymous',
  handler: () => {
    const jsonBody = marks;
    marks = [];
    return { jsonBody };
  },
});

app.http('process', {
  authLevel: 'anonymous',
  handler: (request) => {
    if (request.query.has('gc')) globalThis.gc();
    const { user, system } = process.cpuUsage();
    const { heapUsed, external, rss } = process.memoryUsage();
    return {
      jsonBody: {
        pid: process.pid,
        cpuMs: (user + system) / 1000,
        heapBytes: heapUsed + external,
        rssBytes: rss,
        peakRssBytes: process.resourceUsage().maxRSS * 1024,
        commits: globalThis.committed ?? 0,
        steps: marks.length,
      },
    };
  },
});

app.http('calibrate', {
  authLevel: 'anonymous',
  handler: async () => ({
    jsonBody: { commitsPerSecond: measureCommits(), replayMicros: await measureReplay(1000) },
  }),
});

app.http('replay', {
  authLevel: 'anonymous',
  handler: async (request) => ({
    jsonBody: await replayWholeLife(Number(request.query.get('steps'))),
  }),
});

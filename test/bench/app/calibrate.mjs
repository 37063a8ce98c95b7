// What this machine can do without the host: every result is read against these figures.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createOrchestrator } from 'durable-functions/lib/src/util/testingUtils.js';

const inserts = 2000;

/** Commits with `synchronous = FULL` in a second, one row each, on the disk of the host's data. */
export function measureCommits() {
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER, 'commits-'));
  const database = new DatabaseSync(join(folder, 'commits.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (a TEXT)');
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  const started = performance.now();
  for (let row = 0; row < inserts; row += 1) insert.run(`row ${row}`);
  const seconds = (performance.now() - started) / 1000;
  database.close();
  rmSync(folder, { recursive: true });
  return inserts / seconds;
}

const handler = createOrchestrator(function* (context) {
  const { steps } = context.df.getInput();
  for (let step = 0; step < steps; step += 1) yield context.df.callActivity('step', { key: 'r' });
});

/** Microseconds that the SDK's handler takes for each event of the history of `steps` activities. */
export async function measureReplay(steps) {
  const history = historyOf(steps);
  for (let warm = 0; warm < 5; warm += 1) await replay(history, steps);
  const times = 25;
  const started = performance.now();
  for (let time = 0; time < times; time += 1) await replay(history, steps);
  return ((performance.now() - started) * 1000) / times / history.length;
}

/** Time of the SDK alone for all the replays that so many activities one after the other need. */
export async function replayWholeLife(steps) {
  const history = historyOf(0);
  const { user, system } = process.cpuUsage();
  const started = performance.now();
  for (let step = 0; ; step += 1) {
    await replay(history, steps);
    if (step === steps) break;
    history.push(...stepEvents(step));
  }
  const wallMs = performance.now() - started;
  const used = process.cpuUsage();
  return { wallMs, cpuMs: (used.user + used.system - user - system) / 1000 };
}

function replay(history, steps) {
  const trigger = {
    ...{ history, input: { steps }, instanceId: 'r', isReplaying: history.length > 2 },
    ...{ parentInstanceId: null, upperSchemaVersion: 1, upperSchemaVersionNew: 3 },
    ...{ longRunningTimerIntervalDuration: '3.00:00:00', maximumShortTimerDuration: '6.00:00:00' },
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  };
  return handler(trigger, {});
}

const event = (EventType, more = {}) => ({
  ...{ EventType, EventId: -1, IsPlayed: false, Timestamp: new Date() },
  ...more,
});

/** The events up to the moment at which `steps` activities have ended and the orchestrator goes on. */
function historyOf(steps) {
  const history = [event(12), event(0, { Name: 'sequence' })];
  for (let step = 0; step < steps; step += 1) history.push(...stepEvents(step));
  return history;
}

function stepEvents(step) {
  return [
    event(4, { EventId: step, Name: 'step' }),
    event(13),
    event(12),
    event(5, { TaskScheduledId: step, Result: '{"pid":12345}' }),
  ];
}

import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { scaledClock } from '../../../../host/clock';
import { defaultSettings, openEngine } from '../../../../host/durable/engine';
import type { Expectation } from './app';
import { expectations, steps } from './app';
import { invokeRegistered } from './worker';
import { registeredNames, registrationKey, registrations } from './functions-core';

/**
 * The process that is killed: starts what has not been started, writes down which steps run, and
 * ends by itself when everything has ended.
 */
const [databasePath = '', logPath = '', origin = '0', sets = '1'] = process.argv.slice(2);
const note = (line: string): void => {
  appendFileSync(logPath, `${line}\n`);
};
steps.onRun = (key) => {
  note(`run ${key}`);
};

const engine = openEngine({
  databasePath,
  clock: scaledClock({ origin: Number(origin), speed: 5 }),
  settings: defaultSettings,
  strict: 'on',
  registered: (kind, name) => registrations.get(registrationKey(kind, name))?.name,
  names: registeredNames,
  invoke: async (call) => {
    await sleep(call.kind === 'activity' ? 3 : 0);
    return invokeRegistered(call);
  },
  log: (level, message) => {
    note(`log ${level} ${message}`);
  },
});

const all = Array.from({ length: Number(sets) }, (_, set) => expectations(`s${set}`)).flat();

async function noteCompleted({ id }: Expectation): Promise<void> {
  for (const { EventType: type, Result } of await engine.history(id)) {
    const result = type === 5 && typeof Result === 'string' ? (JSON.parse(Result) as object) : {};
    if ('key' in result) note(`done ${String(result.key)}`);
  }
}

/** Events are sent in order, each only once it can be known that the one before has arrived. */
async function speak(id: string): Promise<void> {
  const history = await engine.history(id);
  const heard = history.filter(({ EventType: type }) => type === 15).length;
  const word = ['a', 'b', 'c'][heard];
  if (word !== undefined) await engine.raiseEvent(id, 'word', JSON.stringify(word));
}

async function main(): Promise<void> {
  note('boot');
  for (const expectation of all) await noteCompleted(expectation);
  engine.open();
  process.stdout.write('open\n');
  for (const { id, functionName, input } of all) {
    if ((await engine.status(id)) !== undefined) continue;
    const text = input === undefined ? {} : { input: JSON.stringify(input) };
    await engine.start({ functionName, instanceId: id, ...text });
    note(`accepted ${id}`);
  }
  note('started');
  for (;;) {
    const records = await Promise.all(all.map(({ id }) => engine.status(id)));
    if (records.every((record) => record?.runtimeStatus === 'Completed')) break;
    if (records.some((record) => record?.runtimeStatus === 'Failed')) break;
    await Promise.all(
      all.filter(({ functionName }) => functionName === 'listens').map(({ id }) => speak(id)),
    );
    await sleep(5);
  }
  await engine.close(1000);
  note('end');
}

void main();

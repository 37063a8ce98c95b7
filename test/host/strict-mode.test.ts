import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildHost, root } from './support/build-host';
import { type HostProcess, startHostProcess } from './support/host-process';
import { ask, askUntil } from './support/http';

const app = join(root, 'test/data/strict-app');
let folder: string;
let host: HostProcess;
let keys: { master: string; systemKeys: Record<string, string> };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-strict-'));
  host = await startHostProcess(await buildHost(), [app, '--data', folder, '--speed', '50']);
  keys = JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8')) as typeof keys;
}, 60_000);

afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Status {
  readonly runtimeStatus: string;
  readonly output: unknown;
}

const base = (): string => `${host.url}/runtime/webhooks/durabletask`;
const code = (): string => `code=${keys.systemKeys['durabletask_extension'] ?? ''}`;

const post = (path: string, body?: unknown): Promise<{ status: number }> =>
  ask(`${base()}/${path}?${code()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function until(id: string, ...wanted: readonly string[]): Promise<Status> {
  const { body } = await askUntil(`${base()}/instances/${id}?${code()}`, (status) =>
    wanted.includes((status as Status).runtimeStatus),
  );
  return body as Status;
}

async function run(name: string, input: unknown = {}): Promise<Status> {
  await post(`orchestrators/${name}/${name}`, input);
  return until(name, 'Completed', 'Failed');
}

/** What the host's log says about an instance, besides what the functions log themselves. */
const said = (id: string): string[] =>
  host.lines.filter((line) => line.includes(`"${id}: `)).map((line) => messageOf(line));

const messageOf = (line: string): string => {
  const { level, message } = JSON.parse(line) as { level: string; message: string };
  return `${level} ${message}`;
};

it.each([
  ['chaining', {}, ['Hello Tokyo', 'Hello Seattle', 'Hello Cairo']],
  ['fanOut', 'folder', 24],
  ['monitor', {}, 'clear'],
  ['retries', {}, 'steady'],
  ['children', {}, [27, 27, 27]],
  ['eternal', { round: 1 }, 2],
  ['counts', {}, 3],
  ['transfers', {}, 5],
])('says nothing about a pattern of the documentation: %s', async (name, input, output) => {
  const status = await run(name, input);

  expect(status).toMatchObject({ runtimeStatus: 'Completed', output });
  expect(said(name)).toEqual([]);
});

it('says nothing about a race between a person and a deadline', async () => {
  await post('orchestrators/humanInteraction/human', '+1');
  await post('instances/human/raiseEvent/response', 1234);

  const status = await until('human', 'Completed', 'Failed');

  expect(status).toMatchObject({ runtimeStatus: 'Completed', output: true });
  expect(said('human')).toEqual([]);
});

it.each([
  ['passesBoolean', "BooleanInput: the input of 'hello' is true; on Azure it arrives as the text"],
  ['isAsync', 'NotAGenerator: the orchestrator is no generator function'],
  ['callsThrowsNothing', "ThrewNothing: the activity 'throwsNothing' threw undefined or null"],
])('fails by name: %s', async (name, sentence) => {
  const { runtimeStatus, output } = await run(name);

  expect([runtimeStatus, output]).toEqual(['Failed', expect.stringContaining(sentence)]);
  expect(said(name)).toEqual([expect.stringContaining(`error ${name}: ${sentence}`)]);
  const line = host.lines.find((each) => each.includes(`"${name}: `)) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    instance: name,
    function: expect.any(String) as string,
  });
});

it('warns of work that is never done and of a status that nobody sees', async () => {
  const { output } = await run('forgetsYield');

  expect(output).toBe('Hello kept');
  expect(said('forgetsYield')).toEqual([
    expect.stringContaining('warning forgetsYield: FalsyStatus: setCustomStatus(0) clears'),
    expect.stringContaining("warning forgetsYield: NeverYielded: a call of 'hello' was made"),
  ]);
});

describe('the lock of an instance that was terminated', () => {
  const unlock = (key: string): ReturnType<typeof ask> =>
    ask(`${host.url}/admin/durable/unlock`, {
      method: 'POST',
      headers: { 'x-functions-key': key },
    });

  it('is given back on request of an administrator', async () => {
    await post('orchestrators/holdsLock/holder');
    await until('holder', 'Running');
    await askUntil(`${base()}/instances/holder?showHistory=true&${code()}`, (status) =>
      JSON.stringify(status).includes('EventRaised'),
    );
    await post('instances/holder/terminate');
    await until('holder', 'Terminated');
    await post('orchestrators/wantsLocked/wanting');

    const answers = [await unlock('wrong'), await unlock(keys.master), await unlock(keys.master)];

    const { output } = await until('wanting', 'Completed');
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [401, ''],
      [200, { entitiesFreed: 1 }],
      [200, { entitiesFreed: 0 }],
    ]);
    expect(output).toBe(0);
    expect(said('holder').join()).toContain('TerminatedWithLock: ');
  });
});

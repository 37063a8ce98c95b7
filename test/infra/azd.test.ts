import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { parse } from 'yaml';

import { root } from './support/bicep';

interface Hook {
  readonly shell: string;
  readonly run: string;
  readonly continueOnError: boolean;
}

type Hooks = Readonly<Record<string, { readonly posix: Hook; readonly windows: Hook }>>;

const project = parse(readFileSync(join(root, 'azure.yaml'), 'utf8')) as {
  readonly services: { readonly steward: { readonly hooks: Hooks } };
  readonly hooks: Hooks;
};
const subscriptions = [
  '00000000-0000-0000-0000-00000000000a',
  '00000000-0000-0000-0000-00000000000b',
];

describe('azure.yaml', () => {
  const { steward } = project.services;

  it('ships the folder that the build makes as the one service, and builds nothing on Azure', () => {
    expect(Object.keys(project.services)).toEqual(['steward']);
    expect(steward).toMatchObject({
      project: '.',
      dist: '.deploy',
      language: 'ts',
      host: 'function',
      remoteBuild: false,
    });
  });

  it('builds for the backend that is deployed before it packs, and subscribes after the code is there', () => {
    expect(Object.keys(steward.hooks)).toEqual(['prepackage']);
    expect(steward.hooks['prepackage']?.posix.run).toBe(
      'npm run build -- --backend "${STEWARD_DURABLE_BACKEND:-storage}"',
    );
    expect(Object.keys(project.hooks)).toEqual(['postdeploy']);
    expect(project.hooks['postdeploy']?.posix.run).toBe('sh infra/subscribe.sh');
  });

  it('has each hook on every system, and ends when one fails', () => {
    for (const { posix, windows } of Object.values({ ...steward.hooks, ...project.hooks })) {
      expect(posix).toMatchObject({ shell: 'sh', continueOnError: false });
      expect(windows).toMatchObject({ shell: 'pwsh', continueOnError: false });
    }
  });
});

describe('infra/subscribe.sh', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'steward-az-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs it with an Azure CLI that writes down what it is asked, and fails when it is asked for `failing`. */
  function subscribe(environment: Readonly<Record<string, string>>, failing = 'nothing') {
    const asked = join(folder, 'asked');
    writeFileSync(asked, '');
    writeFileSync(
      join(folder, 'az'),
      `#!/bin/sh\ncase "$*" in *${failing}*) exit 1;; esac\nls subscription-events.bicepparam >/dev/null && echo "$*" >> "${asked}"\n`,
    );
    chmodSync(join(folder, 'az'), 0o755);
    const { status, stdout, stderr } = spawnSync('sh', ['infra/subscribe.sh'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: [folder, process.env['PATH']].join(delimiter), ...environment },
    });
    const calls = readFileSync(asked, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return { status, stdout, stderr, calls };
  }

  const deployed = { AZURE_LOCATION: 'westeurope', STEWARD_WATCHED: subscriptions.join(',') };

  it('deploys to each subscription that is looked after', () => {
    const { status, stdout, calls } = subscribe(deployed);

    expect(status).toBe(0);
    expect(calls).toEqual(
      subscriptions.map(
        (id) =>
          `deployment sub create --subscription ${id} --location westeurope --name steward-events --parameters subscription-events.bicepparam --only-show-errors --output none`,
      ),
    );
    expect(stdout).toBe(subscriptions.map((id) => `Subscribed to the events of ${id}.\n`).join(''));
  });

  it('ends at the first one that fails', () => {
    const { status, calls } = subscribe(deployed, subscriptions[0]);

    expect(status).not.toBe(0);
    expect(calls).toEqual([]);
  });

  it('says what is missing when nothing was deployed yet', () => {
    const { status, stderr, calls } = subscribe({ AZURE_LOCATION: 'westeurope' });

    expect(status).not.toBe(0);
    expect(stderr).toContain(
      'STEWARD_WATCHED: is not set: deploy main.bicep first, its outputs are needed',
    );
    expect(calls).toEqual([]);
  });

  it('does what subscribe.ps1 does', () => {
    const commandIn = (file: string) =>
      /az deployment [\s\S]*?--output none/
        .exec(readFileSync(join(root, 'infra', file), 'utf8'))?.[0]
        .replace(/[\\`]\n\s*/g, '')
        .replace(/"\$(\w+)"/g, '$$$1')
        .replace('$env:', '$');

    expect(commandIn('subscribe.ps1')).toBe(commandIn('subscribe.sh'));
  });
});

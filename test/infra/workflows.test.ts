import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { root } from './support/bicep';
import { bicepVersion } from './support/find-bicep';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(root, '.github/workflows');
const files = readdirSync(folder).sort();
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const workflow = (file: string) => parse(textOf(file)) as Workflow;
const deploy = workflow('deploy.yml');

/** Where a command or an action stands in a job: -1 when it is not there. */
function placeOf({ steps }: Job, text: string): number {
  return steps.findIndex(({ uses = '', run = '' }) => `${uses} ${run}`.includes(text));
}

function job(name: string): Job {
  const found = deploy.jobs[name];
  if (!found) throw new Error(`deploy.yml has no job ${name}.`);
  return found;
}

describe.each(files)('%s', (file) => {
  const { permissions, jobs } = workflow(file);

  it('may read the sources and nothing else, but for jobs that say so', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  it('uses actions of a major version', () => {
    const actions = Object.values(jobs).flatMap(({ steps }) =>
      steps.flatMap(({ uses = [] }) => uses),
    );

    expect(actions.length).toBeGreaterThan(2);
    expect(actions.filter((action) => !/^[A-Za-z]+\/[a-z-]+@v\d+$/.test(action))).toEqual([]);
  });

  it('knows no secret', () => {
    expect(textOf(file)).not.toMatch(/secrets\.|GITHUB_TOKEN|publish-profile|creds:/);
  });

  it('ends', () => {
    for (const one of Object.values(jobs)) expect(one['timeout-minutes']).toBeLessThanOrEqual(90);
  });
});

describe('ci.yml', () => {
  const ci = workflow('ci.yml');

  it('checks what .ci/run checks, with the .NET that it needs', () => {
    const check = ci.jobs['check'] ?? { steps: [] };

    expect(Object.keys(ci.on).sort()).toEqual(['pull_request', 'push']);
    expect(placeOf(check, 'actions/setup-dotnet')).toBeGreaterThan(0);
    expect(placeOf(check, 'bash .ci/run')).toBe(check.steps.length - 1);
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(
      /STEWARD_REQUIRE_BICEP=1 .*npm test/,
    );
  });

  it('cannot reach Azure', () => {
    expect(textOf('ci.yml')).not.toMatch(/id-token|azure/i);
  });
});

describe('deploy.yml', () => {
  it('runs for what is on main only: pull requests bring code of strangers', () => {
    expect(deploy.on).toEqual({ push: { branches: ['main'] }, workflow_dispatch: null });
  });

  it('shows what would change before anybody is asked, and asks before it changes anything', () => {
    expect(job('deploy').needs).toBe('what-if');
    expect(job('what-if').needs).toBe('build');
    expect([
      job('build').environment,
      job('what-if').environment,
      job('deploy').environment,
    ]).toEqual([undefined, 'steward-plan', 'steward']);
  });

  it('proves to Azure what it is, where it needs Azure and nowhere else', () => {
    const token = { contents: 'read', 'id-token': 'write' };

    expect(
      Object.entries(deploy.jobs).map(([name, { permissions }]) => [name, permissions]),
    ).toEqual([
      ['build', undefined],
      ['what-if', token],
      ['deploy', token],
    ]);
    for (const name of ['what-if', 'deploy']) {
      const login = job(name).steps[placeOf(job(name), 'azure/login')];
      expect(login?.with).toEqual({
        'client-id': '${{ vars.AZURE_CLIENT_ID }}',
        'tenant-id': '${{ vars.AZURE_TENANT_ID }}',
        'subscription-id': '${{ vars.AZURE_SUBSCRIPTION_ID }}',
      });
    }
  });

  it('changes nothing where nobody was asked', () => {
    const commands = job('what-if')
      .steps.flatMap(({ run = [] }) => run)
      .join('\n');

    expect(commands).toContain('az deployment sub what-if');
    expect(commands).toContain('--validation-level ProviderNoRbac');
    expect(commands).not.toMatch(/\bcreate\b|subscribe|\bdelete\b/);
  });

  it('deploys in three phases: what it runs on, the code, the event subscriptions; then it asks the app', () => {
    const phases = [
      'az deployment sub create',
      'Azure/functions-action',
      'sh infra/subscribe.sh',
      'curl',
    ].map((text) => placeOf(job('deploy'), text));

    expect(phases).toEqual([...phases].sort((a, b) => a - b));
    expect(phases[0]).toBeGreaterThan(placeOf(job('deploy'), 'azure/login'));
  });

  it('deploys what it has shown: the same template, parameters and name', () => {
    const commandOf = (name: string, verb: string) =>
      job(name)
        .steps.flatMap(({ run = [] }) => run)
        .find((run) => run.includes(verb)) ?? '';
    const same = [
      '--name steward',
      '--location "$AZURE_LOCATION"',
      '--parameters infra/main.bicepparam',
    ];

    for (const part of same) {
      expect(commandOf('what-if', 'what-if')).toContain(part);
      expect(commandOf('deploy', 'sub create')).toContain(part);
    }
  });

  it('compiles with the compiler that the modules are tested with', () => {
    for (const name of ['what-if', 'deploy']) {
      const pinned = placeOf(job(name), `az bicep install --version v${bicepVersion}`);

      expect(pinned).toBeGreaterThan(-1);
      expect(pinned).toBeLessThan(placeOf(job(name), 'az deployment'));
    }
  });

  it('ships the package that the build made, and builds it once', () => {
    const upload = job('build').steps[placeOf(job('build'), 'upload-artifact')];
    const ship = job('deploy').steps[placeOf(job('deploy'), 'functions-action')];

    expect(
      placeOf(job('build'), 'npm run build -- --backend "${STEWARD_DURABLE_BACKEND:-storage}"'),
    ).toBeGreaterThan(0);
    expect(upload?.with?.['path']).toBe('.deploy.zip');
    expect(ship?.with).toMatchObject({
      package: '.deploy.zip',
      sku: 'flexconsumption',
      'remote-build': false,
    });
    expect(placeOf(job('deploy'), 'npm')).toBe(-1);
  });
});

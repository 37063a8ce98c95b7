import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';

import { MigrationOptions } from '../../domain/migration/options';
import { planMigration } from '../../domain/migration/plan';
import { clusterFixture } from '../support/fixtures';
import { planFixtures } from '../domain/migration/support/plan-fixtures';

const root = join(__dirname, '../..');
const data = join(root, 'test/data/pod-identity');
const folder = mkdtempSync(join(tmpdir(), 'inspect-'));

beforeAll(async () => {
  await build({
    entryPoints: [join(root, 'inspect/main.ts')],
    outfile: join(folder, 'inspect.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The command as it is started, in a process of its own. */
function inspect(...paths: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'inspect.mjs'), ...paths],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  return { status, stdout, stderr };
}

function inspectValue(value: unknown) {
  const path = join(folder, 'bundle.json');
  writeFileSync(path, JSON.stringify(value));
  return inspect(path);
}

const id =
  '/subscriptions/11111111-aaaa-4aaa-8aaa-111111111111/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c';
const content = { serverVersion: 'v1.33.2', objects: [] };

describe('inspect with a fleet', () => {
  it.each(readdirSync(data).sort())('prints the plan of %s', (file) => {
    const { status, stdout, stderr } = inspect(join(data, file));

    const [, fixture] = planFixtures.find(([name]) => `${name}.json` === file) ?? [];
    const options = MigrationOptions.parse(fixture?.given.options);
    expect([status, stderr]).toEqual([0, '']);
    expect(fixture && JSON.stringify(planMigration(fixture.given, options))).toBe(
      JSON.stringify(JSON.parse(stdout)),
    );
  });

  it('takes what a fixture gives for a bundle, too, and follows its options', () => {
    const [file = ''] = readdirSync(data).filter((name) => name.startsWith('06'));
    const { given } = JSON.parse(readFileSync(join(data, file), 'utf8')) as {
      given: { options: object };
    };
    const inner = inspectValue(given);
    const without = { ...given, options: null };

    expect(inner.stdout).toBe(inspect(join(data, file)).stdout);
    expect(inner.stdout).toContain('"auth": "direct"');
    expect(inspectValue(without).stdout).not.toContain('"auth": "direct"');
  });

  it('does with what there is of the fleet', () => {
    const { status, stdout } = inspectValue({
      fleet: { clusters: [{ id }] },
      kubernetes: { [id]: content },
    });

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      clusters: [{ name: 'c', installMode: 'none', workloads: [] }],
      identities: [],
      featureUnregister: {},
    });
    expect(inspectValue({ kubernetes: {} })).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    ['no Kubernetes', { fleet: {} }, 'kubernetes: '],
    ['a given that is text', { given: 'x' }, 'given: '],
    ['a fleet that is a list', { fleet: [], kubernetes: {} }, 'fleet: '],
    [
      'clusters that are text',
      { given: { fleet: { clusters: 'x' }, kubernetes: {} } },
      'given.fleet.clusters: ',
    ],
    [
      'a cluster without an id',
      { fleet: { clusters: [{ id }, {}] }, kubernetes: {} },
      'fleet.clusters.1.id: ',
    ],
    [
      'credentials that are text',
      { fleet: { identities: [{ id, federatedIdentityCredentials: 'x' }] }, kubernetes: {} },
      'fleet.identities.0.federatedIdentityCredentials: ',
    ],
    ['no objects', { kubernetes: { c: { serverVersion: 'v1.33.2' } } }, 'kubernetes.c.objects: '],
    [
      'an object that is none',
      { kubernetes: { c: { ...content, objects: [{}, 1] } } },
      'kubernetes.c.objects.1: ',
    ],
    [
      'a version that is a number',
      { kubernetes: { c: { ...content, serverVersion: 1.33 } } },
      'kubernetes.c.serverVersion: ',
    ],
    [
      'an option that nobody knows',
      { kubernetes: {}, options: { authMod: {} } },
      'options: Unrecognized key: "authMod"',
    ],
    [
      'a way to get tokens that nobody knows',
      { kubernetes: {}, options: { authMode: { 'a/Pod/b': 'msi' } } },
      'options.authMode.a/Pod/b: ',
    ],
  ])('says of %s what is wrong with it, in one line', (_case, bundle, message) => {
    const { status, stdout, stderr } = inspectValue(bundle);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr.startsWith(`inspect: ${message}`)).toBe(true);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

describe('inspect with a cluster', () => {
  it('still says what the cluster needs', () => {
    const { status, stdout } = inspectValue(clusterFixture('s02'));

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('requiredRoleAssignments');
  });

  it.each([
    ['a list', [], 'inspect: the bundle: '],
    ['something else', {}, 'inspect: now: '],
  ])('refuses %s', (_case, value, message) => {
    const { status, stderr } = inspectValue(value);

    expect(status).toBe(2);
    expect(stderr.startsWith(message)).toBe(true);
  });

  it('wants one file', () => {
    expect(inspect()).toMatchObject({ status: 2, stdout: '' });
    expect(inspect('a', 'b').stderr).toContain('Usage: ');
  });
});

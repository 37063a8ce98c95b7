import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { objectAt, objectsAt, textAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import type { Disturbance } from './support/real-engine';
import { Crash } from './support/real-engine';
import { everything, migrating } from './support/migration';
import type { Migrating } from './support/migration';
import { lost } from './support/observed';

const folder = join(__dirname, '../data/pod-identity');
const fixtures = readdirSync(folder).sort();

function given(name: string): JsonObject {
  const text = readFileSync(join(folder, name), 'utf8');
  return (JSON.parse(text) as { given: JsonObject }).given;
}

interface Begun extends AsyncDisposable {
  readonly steward: Migrating;
  readonly clusters: readonly string[];
  readonly options: object;
}

async function begin(name: string): Promise<Begun> {
  const world = given(name);
  const steward = await migrating(world);
  const clusters = Object.keys(objectAt(world, 'kubernetes'));
  return {
    ...{ steward, clusters, options: objectAt(world, 'options') },
    [Symbol.asyncDispose]: () => steward[Symbol.asyncDispose](),
  };
}

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'ReplicaSet'];

/** Templates of everything that nothing owns, as text. */
async function templates(
  steward: Migrating,
  clusters: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const cluster of clusters) {
    for (const object of await steward.objects(cluster)) {
      const kind = textAt(object, 'kind') ?? '';
      if (!kinds.includes(kind) || objectsAt(object, 'metadata', 'ownerReferences').length > 0) {
        continue;
      }
      const namespace = textAt(object, 'metadata', 'namespace') ?? '';
      if (namespace === 'kube-system') continue;
      const spec = objectAt(object, 'spec');
      const place = kind === 'CronJob' ? objectAt(spec, 'jobTemplate', 'spec') : spec;
      const name = textAt(object, 'metadata', 'name') ?? '';
      found[`${namespace}/${kind}/${name}`] = JSON.stringify(place['template']);
    }
  }
  return found;
}

/** Federated credentials in Azure and accounts in clusters, as far as Steward has made or changed them. */
async function trust(steward: Migrating, clusters: readonly string[]): Promise<readonly string[]> {
  const world = await steward.control('GET', 'world');
  const credentials = Object.keys(world).filter((id) =>
    id.includes('/federatedidentitycredentials/'),
  );
  const accounts: string[] = [];
  for (const cluster of clusters) {
    for (const object of await steward.objects(cluster)) {
      if (object['kind'] !== 'ServiceAccount') continue;
      const metadata = objectAt(object, 'metadata');
      const [namespace, name] = [textAt(metadata, 'namespace'), textAt(metadata, 'name')];
      if (namespace === 'kube-system') continue; // the webhook has one of its own
      accounts.push(
        `${namespace ?? ''}/${name ?? ''} ${JSON.stringify(metadata['annotations'] ?? {})}`,
      );
    }
  }
  return [...credentials, ...accounts].sort();
}

const expected: Readonly<Record<string, { state: string; migrated: number; left?: string }>> = {
  '01-addon-simple.json': { state: 'succeeded', migrated: 3 },
  '02-default-service-account.json': { state: 'succeeded', migrated: 4 },
  '03-multi-identity-selector.json': { state: 'partial', migrated: 3 },
  '04-oss-standard-cross-namespace.json': { state: 'partial', migrated: 3, left: 'OwnedElsewhere' },
  '06-jobs-windows-hostnetwork-psa.json': { state: 'partial', migrated: 4 },
  '07-federated-credential-limit.json': { state: 'partial', migrated: 2 },
  '08-half-migrated-cleanup.json': { state: 'succeeded', migrated: 1 },
};

describe('the migration of a shared scenario', () => {
  it.each(Object.entries(expected))(
    '%s ends well',
    async (name, { state, migrated, left }) => {
      await using begun = await begin(name);
      const { steward, clusters, options } = begun;
      await steward.plan(clusters, options);

      const end = await steward.apply();

      const states = await steward.states();
      expect({ end, failures: await steward.failures() }).toEqual({
        end: state,
        failures: left === undefined ? [] : [expect.objectContaining({ code: left })],
      });
      expect(Object.values(states)).toEqual(Array.from({ length: migrated }, () => 'migrated'));
      expect(await lost(steward)).toEqual([]);
    },
    120_000,
  );

  it('waits for the owners of what a tool keeps, and never patches it', async () => {
    await using begun = await begin('05-gitops-and-helm.json');
    const { steward, clusters, options } = begun;
    const before = await templates(steward, clusters);
    await steward.plan(clusters, options);
    const stop: Disturbance = {
      after: async ({ name, nth }) => {
        if (name === 'checkSoak' && nth === 60) await steward.stop();
      },
    };

    await steward.apply(everything, stop);

    const after = await templates(steward, clusters);
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    expect(changed).toEqual(['apps/Deployment/plain-app']);
    expect(
      Object.values(await steward.states()).filter((one) => one.startsWith('waiting')),
    ).toHaveLength(5);
    expect(await lost(steward)).toEqual([]);
  }, 120_000);

  it.each([
    '01-addon-simple.json',
    '02-default-service-account.json',
    '08-half-migrated-cleanup.json',
  ])(
    '%s leaves nothing to plan',
    async (name) => {
      await using begun = await begin(name);
      const { steward, clusters, options } = begun;
      await steward.plan(clusters, options);
      await steward.apply();

      const again = await steward.plan(clusters, options);

      const [cluster] = again.clusters;
      expect(cluster?.installMode).toBe('none');
      expect(cluster?.steps).toEqual([]);
      expect(cluster?.serviceAccounts.filter(({ action }) => action !== 'none')).toEqual([]);
      expect(again.identities.flatMap(({ ficsToCreate }) => ficsToCreate)).toEqual([]);
      expect(cluster?.workloads.filter(({ delivery }) => delivery !== 'none')).toEqual([]);
      expect(cluster?.cleanup.podIdentities).toEqual([]);
    },
    120_000,
  );
});

describe('a migration that is taken back', () => {
  it.each([
    '01-addon-simple.json',
    '02-default-service-account.json',
    '04-oss-standard-cross-namespace.json',
  ])(
    '%s is as it was, templates byte for byte',
    async (name) => {
      await using begun = await begin(name);
      const { steward, clusters, options } = begun;
      const before = {
        templates: await templates(steward, clusters),
        trust: await trust(steward, clusters),
      };
      await steward.plan(clusters, options);
      await steward.apply();

      const end = await steward.rollBack();

      steward.pass(10);
      expect(end).toBe('rolled-back');
      expect(await templates(steward, clusters)).toEqual(before.templates);
      expect(await trust(steward, clusters)).toEqual(before.trust);
      expect(await lost(steward)).toEqual([]);
    },
    120_000,
  );

  const phases = [
    'writeCredential',
    'prepareAccount',
    'patchWorkload',
    'steerRollout',
    'checkSoak',
    'editPodIdentities',
    'disablePodIdentity',
    'removeGrant',
  ];

  it.each(phases)(
    'after %s has been done once',
    async (phase) => {
      await using begun = await begin('01-addon-simple.json');
      const { steward, clusters, options } = begun;
      const before = {
        templates: await templates(steward, clusters),
        trust: await trust(steward, clusters),
      };
      await steward.plan(clusters, options);
      const stopThere: Disturbance = {
        after: async ({ name }) => {
          if (name === phase) await steward.stop();
        },
      };
      await steward.apply(everything, stopThere);

      const end = await steward.rollBack();

      steward.pass(10);
      expect(end).toBe('rolled-back');
      expect(await templates(steward, clusters)).toEqual(before.templates);
      expect(await trust(steward, clusters)).toEqual(before.trust);
      expect(await lost(steward)).toEqual([]);
    },
    120_000,
  );
});

describe('a migration whose process ends', () => {
  const points = [
    ...['before', 'after'].flatMap((when) =>
      [
        'storeMigrationPlan',
        'enableWorkloadIdentity',
        'writeCredential',
        'prepareAccount',
        'proveIdentity',
        'rehearseWorkload',
        'patchWorkload',
        'steerRollout',
        'readRollout',
        'checkSoak',
        'planCut',
        'editPodIdentities',
        'disablePodIdentity',
        'removeGrant',
      ].map((name) => [when, name] as const),
    ),
  ];

  it.each(points)(
    '%s %s goes on as if nothing had been',
    async (when, point) => {
      await using begun = await begin('01-addon-simple.json');
      const { steward, clusters, options } = begun;
      let crashes = 0;
      const crash = ({ name, nth }: { readonly name: string; readonly nth: number }): void => {
        if (name !== point || nth > 1) return;
        crashes += 1;
        throw new Crash(point);
      };
      await steward.plan(clusters, options);

      const end = await steward.apply(
        everything,
        when === 'before' ? { before: crash } : { after: crash },
      );

      expect({ end, failures: await steward.failures() }).toEqual({
        end: 'succeeded',
        failures: [],
      });
      expect(crashes).toBe(point === 'storeMigrationPlan' ? 0 : 2);
      expect(await lost(steward)).toEqual([]);
      expect(await steward.repeatedWrites()).toEqual([]);
    },
    120_000,
  );
});

it('reads no Secret, and writes only under its own name', async () => {
  await using begun = await begin('02-default-service-account.json');
  const { steward, clusters, options } = begun;
  await steward.plan(clusters, options);
  await steward.apply();

  const contents = await steward.control('GET', 'kubernetes');
  const [content] = Object.values(contents);
  const managers = objectsAt(content, 'objects')
    .filter(({ kind }) => kind === 'ServiceAccount' || kind === 'Deployment')
    .flatMap((object) => objectsAt(object, 'metadata', 'managedFields'))
    .map(({ manager }) => manager);
  expect(objectAt(content)['secretReads']).toBe(0);
  expect(managers).toContain('aks-identity-steward');
}, 120_000);

it('knows every shared scenario', () => {
  expect([...Object.keys(expected), '05-gitops-and-helm.json'].sort()).toEqual(fixtures);
});

import { crc32, deflateRawSync, gunzipSync } from 'node:zlib';

import { at, objectAt, objectsAt, textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { zipFiles } from '../../../simulator/kubernetes/run-command/zip-files';
import { aDeployment, aPod, clusterId, enter, entraToken } from './a-migration-cluster';
import type { Inside } from './a-migration-cluster';

const version = 'api-version=2026-06-01';

interface CommandResult {
  readonly provisioningState: string;
  readonly exitCode?: number;
  readonly logs: string;
  readonly reason: string;
}

async function run(cluster: Inside, command: string, more: object = {}): Promise<CommandResult> {
  const { azure } = cluster;
  const started = await azure.arm('POST', `${clusterId}/runCommand?${version}`, {
    body: { command, ...more },
  });
  const { pathname, search } = new URL(started.headers.get('location') ?? '');
  azure.advanceMinutes(1);
  const { body } = await azure.arm('GET', `${pathname}${search}`);
  return objectAt(body, 'properties') as unknown as CommandResult;
}

/** A ZIP archive in base64, with its files deflated. */
function zip(files: Readonly<Record<string, string>>): string {
  const [locals, entries]: [Buffer[], Buffer[]] = [[], []];
  for (const [name, text] of Object.entries(files)) {
    const [data, title] = [deflateRawSync(text), Buffer.from(name)];
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32LE(crc32(text), 0);
    sizes.writeUInt32LE(data.length, 4);
    sizes.writeUInt32LE(Buffer.byteLength(text), 8);
    sizes.writeUInt16LE(title.length, 12);
    const common = Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]);
    const place = Buffer.alloc(4);
    place.writeUInt32LE(Buffer.concat(locals).length);
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), common, sizes, title, data);
    entries.push(
      Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
      common,
      sizes,
      Buffer.alloc(10),
      place,
      title,
    );
  }
  const [all, directory] = [Buffer.concat(locals), Buffer.concat(entries)];
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  for (const offset of [8, 10]) end.writeUInt16LE(Object.keys(files).length, offset);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(all.length, 16);
  return Buffer.concat([all, directory, end]).toString('base64');
}

const namesIn = (list: Json) =>
  objectsAt(list, 'items').map((one) => textAt(one, 'metadata', 'name'));

describe('a command in a private cluster', () => {
  const withPods = { objects: [aPod('one'), aPod('two'), aDeployment('web')], properties: {} };

  it('reads what the API server answers, packed or not', async () => {
    await using cluster = await enter(withPods);
    const raw = "kubectl get --raw '/api/v1/pods?limit=1'";
    const plain = await run(cluster, raw);
    const packed = await run(cluster, `${raw} | gzip | base64 -w0 && echo END`);
    const unpacked = gunzipSync(
      Buffer.from(packed.logs.replace(/END\n$/, ''), 'base64'),
    ).toString();

    expect([plain.provisioningState, plain.exitCode]).toEqual(['Succeeded', 0]);
    expect(namesIn(JSON.parse(plain.logs) as Json)).toEqual(['one']);
    expect(namesIn(JSON.parse(unpacked) as Json)).toEqual(['one']);
  });

  it('applies and patches from the files of its context', async () => {
    await using cluster = await enter(withPods);
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'wi', namespace: 'default' },
    };
    const patch = [
      { op: 'test', path: '/spec/replicas', value: 2 },
      { op: 'replace', path: '/spec/replicas', value: 3 },
    ];
    const context = zip({ 'sa.json': JSON.stringify(account), 'p.json': JSON.stringify(patch) });
    const applied = await run(
      cluster,
      'kubectl apply --server-side --field-manager=aks-identity-steward -f sa.json',
      { context },
    );
    const patching = 'kubectl patch deployment web -n default --type json --patch-file p.json';
    const patched = await run(cluster, patching, { context });
    const again = await run(cluster, patching, { context });

    expect([applied.exitCode, applied.logs]).toEqual([0, 'serviceaccount/wi serverside-applied\n']);
    expect([patched.exitCode, patched.logs]).toEqual([0, 'deployment.apps/web patched\n']);
    expect([again.exitCode, again.logs]).toEqual([
      1,
      'Error from server (Invalid): the server rejected our request due to an error in our request\n',
    ]);
    expect(
      at(await cluster.get('/apis/apps/v1/namespaces/default/deployments/web'), 'spec', 'replicas'),
    ).toBe(3);
  });

  it('creates, replaces and deletes at a path', async () => {
    await using cluster = await enter(withPods);
    const maps = '/api/v1/namespaces/default/configmaps';
    const map = (value: string) => JSON.stringify({ metadata: { name: 'a' }, data: { value } });
    const context = zip({ 'one.json': map('1'), 'two.json': map('2') });
    const created = await run(cluster, `kubectl create --raw ${maps} -f one.json`, { context });
    await run(cluster, `kubectl replace --raw ${maps}/a -f ./two.json`, { context });
    const replaced = await cluster.get(`${maps}/a`);
    await run(cluster, `kubectl delete --raw ${maps}/a`);
    const gone = await run(cluster, `kubectl get --raw ${maps}/a && echo never`);

    expect(created.exitCode).toBe(0);
    expect(at(replaced, 'data', 'value')).toBe('2');
    expect([gone.exitCode, gone.logs]).toEqual([
      1,
      'Error from server (NotFound): configmaps "a" not found\n',
    ]);
  });

  it.each([
    ['helm list', 127, 'bash: helm: command not found\n'],
    ['kubectl get --raw /version | jq .', 127, 'bash: jq: command not found\n'],
    ['kubectl get pods', 127, 'error: the simulated kubectl knows'],
    [
      'kubectl create --raw /api/v1/pods -f none.json',
      1,
      'error: open none.json: no such file or directory\n',
    ],
    ['kubectl patch gizmo a -p {}', 1, 'error: the server doesn\'t have a resource type "gizmo"\n'],
  ])('ends "%s" with %d', async (command, exitCode, logs) => {
    await using cluster = await enter(withPods);
    const result = await run(cluster, command);

    expect(result.exitCode).toBe(exitCode);
    expect(result.logs.slice(0, logs.length)).toBe(logs);
  });

  it('is cut after 512 kB', async () => {
    const data = { value: 'x'.repeat(600_000) };
    const large = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'large', namespace: 'default' },
      data,
    };
    await using cluster = await enter({ objects: [large] });
    const { exitCode, logs } = await run(cluster, 'kubectl get --raw /api/v1/configmaps');

    expect([exitCode, logs.length]).toEqual([0, 524_288]);
  });

  it('has the rights of its token where Entra is integrated', async () => {
    await using cluster = await enter({ properties: { aadProfile: { managed: true } } });
    const command = 'kubectl get --raw /api/v1/namespaces';
    const { authorization = '' } = await entraToken(cluster.azure);
    const clusterToken = authorization.replace('Bearer ', '');
    const nobody = await run(cluster, command, { clusterToken: '' });
    const somebody = await run(cluster, command, { clusterToken });
    const forbidden = ['a3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10'];
    await cluster.azure.control('PATCH', 'behaviour', { kubernetes: { forbidden } });
    const refused = await run(cluster, command, { clusterToken });

    expect([nobody.exitCode, somebody.exitCode, refused.exitCode]).toEqual([1, 0, 1]);
    expect(refused.logs).toContain('Error from server (Forbidden)');
  });

  it('fails without an exit code when its context is no archive', async () => {
    await using cluster = await enter(withPods);
    const { provisioningState, exitCode, reason } = await run(cluster, 'echo', {
      context: 'bm8gemlw',
    });

    expect([provisioningState, exitCode]).toEqual(['Failed', undefined]);
    expect(reason).toContain('it is no ZIP archive');
  });
});

describe('a ZIP archive', () => {
  // Written by the zipfile module of Python: one file stored, one deflated.
  const archive = [
    'UEsDBBQAAAAAAMp9fF0L+UNWBgAAAAYAAAAHAAAAYS9iLnR4dHN0b3JlZFBLAwQUAAAACADKfXxdtkax',
    'phQAAACEAwAABQAAAGMudHh0S0lNy0ksSU1RSBlljDJGGQPBAABQSwECFAMUAAAAAADKfXxdC/lDVgYA',
    'AAAGAAAABwAAAAAAAAAAAAAAgAEAAAAAYS9iLnR4dFBLAQIUAxQAAAAIAMp9fF22RrGmFAAAAIQDAAAF',
    'AAAAAAAAAAAAAACAASsAAABjLnR4dFBLBQYAAAAAAgACAGgAAABiAAAAAAA=',
  ].join('');

  it('as other tools write it is read', () => {
    const files = zipFiles(Buffer.from(archive, 'base64'));

    expect([...files.keys()]).toEqual(['a/b.txt', 'c.txt']);
    expect(files.get('a/b.txt')?.toString()).toBe('stored');
    expect(files.get('c.txt')?.toString()).toBe('deflated '.repeat(100));
  });
});

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
      'The request is invalid: the server rejected our request due to an error in our request\n',
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
    [
      'kubectl get --raw /version | sed s/a/b/; helm',
      127,
      'bash: sed: command not found\nbash: helm',
    ],
    ['echo $HOME', 2, 'bash: the simulated shell does not know "$" here\n'],
    ['echo "$(echo a"', 2, 'bash: a quote is not closed\n'],
    ['echo "$(echo a', 2, 'bash: a bracket is not closed\n'],
    ['echo a > b', 2, 'bash: the simulated shell does not know ">" here\n'],
    ['false || echo a', 2, 'bash: the simulated shell does not know "||" here\n'],
    ['echo abc | base64 -d', 1, 'base64: invalid input\n'],
    ['kubectl get --raw /version --watch=true', 1, 'error: unknown flag: --watch\n'],
    [
      'echo e30= | base64 -d | kubectl apply --server-side -f -',
      1,
      'error: resource mapping not found for name: "" namespace: "" from "STDIN": no matches for kind "" in version ""\nensure CRDs are installed first\n',
    ],
    [
      'kubectl patch gizmos.v1.a.io a -p {}',
      1,
      'error: the server doesn\'t have a resource type "gizmos"\n',
    ],
    ['kubectl patch gizmo a -p {}', 1, 'error: the server doesn\'t have a resource type "gizmo"\n'],
  ])('ends "%s" with %d', async (command, exitCode, logs) => {
    await using cluster = await enter(withPods);
    const result = await run(cluster, command);

    expect(result.exitCode).toBe(exitCode);
    expect(result.logs.slice(0, logs.length)).toBe(logs);
  });

  it.each([
    ['echo a; echo b', 'a\nb\n'],
    ['nothing; echo b', 'bash: nothing: command not found\nb\n'],
    ['nothing && echo never; echo b', 'bash: nothing: command not found\nb\n'],
    ['nothing && echo never && echo never; echo b', 'bash: nothing: command not found\nb\n'],
    ['echo a\necho b;\n', 'a\nb\n'],
    ['echo; echo end', '\nend\n'],
    ['echo aGVsbG8= | base64 -d; echo', 'hello\n'],
    ['echo "[$(echo aGVsbG8= | base64 -d)]"', '[hello]\n'],
    ['echo "$(echo "a b"; echo \')\'; echo)" c', 'a b\n) c\n'],
    ['echo "$(nothing)x"', 'bash: nothing: command not found\nx\n'],
    ['echo \'a|b;$(c)&&\\\' "|;&&\\$"', 'a|b;$(c)&&\\ |;&&$\n'],
  ])('runs %j as a shell does', async (command, logs) => {
    await using cluster = await enter(withPods);
    const result = await run(cluster, command);

    expect([result.exitCode, result.logs]).toEqual([0, logs]);
  });

  it('takes from its input what it writes, and shows the object without its managers', async () => {
    await using cluster = await enter(withPods);
    const given = (value: object) =>
      `echo ${Buffer.from(JSON.stringify(value)).toString('base64')} | base64 -d`;
    const metadata = { name: 'wi', namespace: 'default', labels: { a: 'b' } };
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
    const applying = 'kubectl apply --server-side --force-conflicts=false --field-manager=me';
    const dry = await run(cluster, `${given(account)} | ${applying} --dry-run=server -f -`);
    const before = await cluster.send('GET /api/v1/namespaces/default/serviceaccounts/wi');
    const applied = await run(cluster, `${given(account)} | ${applying} -o json -f -`);
    const scaling = given([{ op: 'replace', path: '/spec/replicas', value: 5 }]);
    const patched = await run(
      cluster,
      `kubectl patch deployments.v1.apps web -n default --type=json --patch "$(${scaling})" -o json`,
    );

    expect(dry.logs).toBe('serviceaccount/wi serverside-applied (server dry run)\n');
    expect(before.status).toBe(404);
    expect(JSON.parse(applied.logs)).toMatchObject(account);
    expect(applied.logs).not.toContain('managedFields');
    expect(at(JSON.parse(patched.logs) as Json, 'spec', 'replicas')).toBe(5);
    expect(await cluster.get('/api/v1/namespaces/default/serviceaccounts/wi')).toMatchObject({
      metadata: { managedFields: [{ manager: 'me', operation: 'Apply' }] },
    });
    expect(await cluster.get('/apis/apps/v1/namespaces/default/deployments/web')).toMatchObject({
      spec: { replicas: 5 },
    });
  });

  it('says what is wrong in the words of kubectl', async () => {
    await using cluster = await enter(withPods);
    const web = '/apis/apps/v1/namespaces/default/deployments/web';
    const config = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas: 4 },
    };
    await cluster.send(
      `PATCH ${web}?fieldManager=helm&force=true`,
      config,
      'application/apply-patch+yaml',
    );
    const file = Buffer.from(JSON.stringify({ ...config, spec: { replicas: 7 } })).toString(
      'base64',
    );
    const applying = (force: boolean) =>
      `echo ${file} | base64 -d | kubectl apply --server-side --force-conflicts=${force} --field-manager=me -f -`;
    const conflict = await run(cluster, applying(false));
    const forced = await run(cluster, applying(true));
    const invalid = await run(
      cluster,
      `kubectl patch deployments.apps web --type merge -p '{"spec":{"selector":{"matchLabels":{"app":"b"}}}}'`,
    );
    const absent = await run(cluster, `kubectl patch deployments.apps none --type merge -p '{}'`);

    expect(conflict.logs).toMatch(
      /^error: Apply failed with 1 conflict: conflict with "helm".*: \.spec\.replicas\nPlease review/,
    );
    expect(forced.logs).toBe('deployment.apps/web serverside-applied\n');
    expect(invalid.logs.split('\n').map((line) => line.replace(/: \{.*/, ''))).toEqual([
      'The Deployment "web" is invalid: ',
      '* spec.selector: Invalid value',
      '* spec.template.metadata.labels: Invalid value',
      '',
    ]);
    expect(absent.logs).toBe('Error from server (NotFound): deployments.apps "none" not found\n');
    expect([conflict, invalid, absent].map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
  });

  it('goes on with a list of nodes where the command before ended', async () => {
    await using cluster = await enter({
      properties: {
        agentPoolProfiles: [
          { name: 'system', count: 3, mode: 'System', vmSize: 'Standard_D4ds_v5', osType: 'Linux' },
        ],
      },
    });
    const nodes = '/api/v1/nodes?limit=2';
    const first = JSON.parse((await run(cluster, `kubectl get --raw '${nodes}'`)).logs) as Json;
    const next = textAt(first, 'metadata', 'continue') ?? '';
    const second = await run(cluster, `kubectl get --raw '${nodes}&continue=${next}'`);

    expect(namesIn(first)).toHaveLength(2);
    expect(namesIn(JSON.parse(second.logs) as Json)).toHaveLength(1);
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

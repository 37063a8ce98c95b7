import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { at, objectAt, objectsAt, textAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import { said } from '../../../simulator/kubernetes/object-parts';
import { drive } from '../support/running';
import { aDeployment, aPod, enter, fixture, inside } from './a-migration-cluster';

const pods = '/api/v1/namespaces/default/pods';
const maps = '/api/v1/namespaces/default/configmaps';
const aMap = (name: string, more: object = {}) => ({ metadata: { name }, ...more });
const namesIn = (list: Json) =>
  objectsAt(list, 'items').map((one) => textAt(one, 'metadata', 'name'));

describe('the objects of a migration fixture', () => {
  const fixtures = readdirSync(join(__dirname, '../../data/pod-identity')).sort();

  it.each(fixtures)('%s are served as they are given', async (file) => {
    const given = fixture(file);
    await using azure = await drive();
    await azure.control('PUT', 'world', given);

    for (const [id, content] of Object.entries(objectAt(given, 'kubernetes'))) {
      const cluster = await inside(azure, id);
      for (const object of objectsAt(content, 'objects')) {
        const found = await cluster.get(pathOf(object));
        expect(found).toMatchObject(object);
        expect(textAt(found, 'metadata', 'uid')).toMatch(/^[0-9a-f-]{36}$/);
      }
      const version = await cluster.get('/version');
      expect(at(version, 'gitVersion')).toBe(textAt(content, 'serverVersion'));
    }
  });

  it('come back from what the control surface says of them', async () => {
    const given = fixture('03-multi-identity-selector.json');
    await using azure = await drive();
    await azure.control('PUT', 'world', given);
    const before = await azure.control('GET', 'kubernetes');
    await azure.control('PUT', 'kubernetes', before);

    expect(await azure.control('GET', 'kubernetes')).toEqual(before);
    expect(JSON.stringify(before)).toContain('has been matched with azure identity pay/kv-id');
  });
});

describe('kept objects', () => {
  it('are in every cluster from the start: namespaces and their default accounts', async () => {
    await using cluster = await enter();
    const namespaces = await cluster.get('/api/v1/namespaces');
    const accounts = await cluster.get('/api/v1/serviceaccounts');

    expect(namesIn(namespaces)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    expect(namesIn(accounts)).toEqual(['default', 'default', 'default', 'default']);
  });

  it('are created with what the server decides', async () => {
    await using cluster = await enter();
    const { status, body } = await cluster.send(
      'POST /apis/apps/v1/namespaces/default/deployments',
      aDeployment('web'),
    );

    expect(status).toBe(201);
    expect(at(body, 'metadata', 'generation')).toBe(1);
    expect(textAt(body, 'metadata', 'uid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(textAt(body, 'metadata', 'creationTimestamp')).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    );
  });

  it('get a generated name that nobody else has', async () => {
    await using cluster = await enter();
    const body = { metadata: { generateName: 'web-' } };
    const [one, other] = [
      await cluster.send(`POST ${maps}`, body),
      await cluster.send(`POST ${maps}`, body),
    ];

    expect(textAt(one.body, 'metadata', 'name')).toMatch(/^web-[a-z0-9]{5}$/);
    expect(textAt(one.body, 'metadata', 'name')).not.toBe(textAt(other.body, 'metadata', 'name'));
  });

  it.each([
    [`POST ${maps}`, aMap('taken'), '409 AlreadyExists configmaps "taken" already exists'],
    [
      `POST ${maps}`,
      aMap('Bad_Name'),
      '422 Invalid ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain',
    ],
    [
      `POST ${maps}`,
      aMap(''),
      '422 Invalid ConfigMap "" is invalid: metadata.name: Required value',
    ],
    [
      'POST /api/v1/namespaces/none/configmaps',
      aMap('a'),
      '404 NotFound namespaces "none" not found',
    ],
    [
      `POST ${maps}`,
      { ...aMap('a'), kind: 'Pod' },
      '400 BadRequest the kind in the data (Pod) does not match the expected kind (ConfigMap)',
    ],
    [
      `POST ${maps}`,
      { metadata: { name: 'a', namespace: 'other' } },
      '400 BadRequest the namespace of the provided object does not match',
    ],
    [`POST ${maps}`, 'no json', '400 BadRequest the object provided is unrecognized'],
    ['POST /api/v1/configmaps', aMap('a'), '405 MethodNotAllowed the server does not allow'],
    [`GET ${maps}/none`, undefined, '404 NotFound configmaps "none" not found'],
    [`PUT ${maps}/none`, aMap('none'), '404 NotFound configmaps "none" not found'],
    [`PUT ${maps}/taken`, aMap('other'), '400 BadRequest the name of the object (other) does not'],
    [
      `PUT ${maps}/taken`,
      { metadata: { name: 'taken', resourceVersion: '7' } },
      '409 Conflict Operation cannot be fulfilled on configmaps "taken": the object has been modified',
    ],
    [
      `PUT ${maps}/taken`,
      { metadata: { name: 'taken', uid: 'other' } },
      '409 Conflict Operation cannot be fulfilled on configmaps "taken": Precondition failed: UID',
    ],
    [
      `DELETE ${maps}/taken`,
      { preconditions: { uid: 'other' } },
      '409 Conflict Operation cannot be fulfilled on configmaps "taken": Precondition failed: UID',
    ],
    [
      'DELETE /api/v1/namespaces/kube-system',
      undefined,
      '403 Forbidden namespaces "kube-system" is forbidden: this namespace may not be deleted',
    ],
    [
      'DELETE /apis/apps/v1/namespaces/default/deployments/none',
      undefined,
      '404 NotFound deployments.apps "none" not found',
    ],
  ] as const)('answer %s with %j by %s', async (call, body, answer) => {
    await using cluster = await enter();
    await cluster.send(`POST ${maps}`, aMap('taken'));
    const reply = await cluster.send(call, body);
    const answered = ['code', 'reason', 'message']
      .map((name) => said(at(reply.body, name)))
      .join(' ');

    expect(answered.slice(0, answer.length)).toBe(answer);
    expect(reply.status).toBe(at(reply.body, 'code'));
  });

  it('change nothing and count nothing where a write changes nothing', async () => {
    await using cluster = await enter();
    await cluster.send(`POST ${maps}`, aMap('same', { data: { a: '1' } }));
    const before = await cluster.get(`${maps}/same`);
    await cluster.send(`PUT ${maps}/same`, before);

    expect(await cluster.get(`${maps}/same`)).toEqual(before);
  });

  it('count a generation for each change of the spec, and for no other', async () => {
    await using cluster = await enter({ objects: [aDeployment('web')] });
    const path = '/apis/apps/v1/namespaces/default/deployments/web';
    const merge = 'application/merge-patch+json';
    const generation = async (patch: object) =>
      at((await cluster.send(`PATCH ${path}`, patch, merge)).body, 'metadata', 'generation');
    await cluster.send('POST /apis/apps/v1/namespaces/default/deployments', aDeployment('other'));

    expect(await generation({ spec: { replicas: 3 } })).toBe(1);
    expect(await generation({ spec: { replicas: 4 } })).toBe(2);
    expect(await generation({ metadata: { labels: { a: 'b' } } })).toBe(2);
  });

  it('keep nothing of a dry run', async () => {
    await using cluster = await enter({ objects: [aPod('here')] });
    const dry = `?dryRun=All`;
    const replies = [
      await cluster.send(`POST ${maps}${dry}`, aMap('a')),
      await cluster.send(
        `PATCH ${pods}/here${dry}`,
        { metadata: { labels: { a: 'b' } } },
        'application/merge-patch+json',
      ),
      await cluster.send(`DELETE ${pods}/here${dry}`),
    ];

    expect(replies.map(({ status }) => status)).toEqual([201, 200, 200]);
    expect(at(replies[1]?.body, 'metadata', 'labels')).toEqual({ a: 'b' });
    expect(namesIn(await cluster.get(maps))).toEqual([]);
    expect(at(await cluster.get(`${pods}/here`), 'metadata', 'labels')).toBeUndefined();
  });

  it('stay until their last finalizer is gone', async () => {
    const finalizers = ['example.com/one'];
    await using cluster = await enter({
      objects: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'held', namespace: 'default', finalizers },
        },
      ],
    });
    const deleted = await cluster.send(`DELETE ${maps}/held`);
    const marked = await cluster.get(`${maps}/held`);
    await cluster.send(
      `PATCH ${maps}/held`,
      { metadata: { finalizers: null } },
      'application/merge-patch+json',
    );
    const gone = await cluster.send(`GET ${maps}/held`);

    expect(at(deleted.body, 'kind')).toBe('ConfigMap');
    expect(textAt(marked, 'metadata', 'deletionTimestamp')).toMatch(/Z$/);
    expect(gone.status).toBe(404);
  });

  it('are selected by labels and fields, in one namespace or in all', async () => {
    const labelled = (name: string, namespace: string, labels: object) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: { nodeName: `node-${name}`, containers: [] },
    });
    await using cluster = await enter({
      objects: [
        labelled('a', 'default', { app: 'web' }),
        labelled('b', 'kube-system', { app: 'web' }),
        labelled('c', 'default', { app: 'db' }),
      ],
    });
    const list = async (path: string) => namesIn(await cluster.get(path));

    expect(await list('/api/v1/pods?labelSelector=app%3Dweb')).toEqual(['a', 'b']);
    expect(await list(`${pods}?labelSelector=app%3Dweb`)).toEqual(['a']);
    expect(await list('/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-c')).toEqual(['c']);
    expect(await list('/api/v1/pods?fieldSelector=metadata.namespace!%3Ddefault')).toEqual(['b']);
  });

  it('are told to those who watch, in one namespace only where that is asked', async () => {
    await using cluster = await enter();
    const all = await cluster.cluster.watch('/api/v1/configmaps?watch=true&resourceVersion=0');
    const elsewhere = await cluster.cluster.watch(
      '/api/v1/namespaces/kube-system/configmaps?watch=true&resourceVersion=0',
    );
    await cluster.send(`POST ${maps}`, aMap('a', { data: { v: '1' } }));
    await cluster.send(`PUT ${maps}/a`, aMap('a', { data: { v: '2' } }));
    await cluster.send(`DELETE ${maps}/a`);
    await cluster.send('POST /api/v1/namespaces/kube-system/configmaps', aMap('b'));
    const told = [await all.next(), await all.next(), await all.next()];
    const first = await elsewhere.next();
    all.close();
    elsewhere.close();

    expect(told.map((event) => at(event, 'type'))).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    expect(at(first, 'object', 'metadata', 'name')).toBe('b');
  });

  it('leave kinds out of the items of built-in lists, as the real server does, and not of custom ones', async () => {
    await using azure = await drive();
    await azure.control('PUT', 'world', fixture('01-addon-simple.json'));
    const [id = ''] = Object.keys(objectAt(fixture('01-addon-simple.json'), 'kubernetes'));
    const cluster = await inside(azure, id);
    const first = async (path: string): Promise<JsonObject> =>
      objectsAt(await cluster.get(path), 'items')[0] ?? {};

    expect(Object.keys(await first('/apis/apps/v1/deployments'))).not.toContain('kind');
    expect(await first('/apis/aadpodidentity.k8s.io/v1/azureidentities')).toMatchObject({
      kind: 'AzureIdentity',
    });
  });

  it('count who reads Secrets', async () => {
    await using cluster = await enter();
    const reads = async () =>
      at(
        Object.values((await cluster.azure.control('GET', 'kubernetes')) as JsonObject)[0],
        'secretReads',
      );
    await cluster.get(pods);
    const before = await reads();
    await cluster.get('/api/v1/secrets');

    expect([before, await reads()]).toEqual([0, 1]);
  });
});

function pathOf(object: JsonObject): string {
  const [group, version] = `/${textAt(object, 'apiVersion') ?? ''}`.split('/').slice(-2);
  const base = group === '' ? `/api/${version ?? ''}` : `/apis/${group ?? ''}/${version ?? ''}`;
  const kind = (textAt(object, 'kind') ?? '').toLowerCase();
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  const namespace = textAt(object, 'metadata', 'namespace');
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${base}${within}/${plural}/${textAt(object, 'metadata', 'name') ?? ''}`;
}

import { at, objectAt, objectsAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { aDeployment, enter } from './a-migration-cluster';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const templateLabels = (object: Json) => objectAt(object, 'spec', 'template', 'metadata', 'labels');

describe('a patch', () => {
  const json = 'application/json-patch+json';
  const strategic = 'application/strategic-merge-patch+json';
  const patched = async (body: object, type: string): Promise<{ status: number; body: Json }> => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ];
    const containers = [
      { name: 'app', image: 'registry/app:1', env },
      { name: 'side', image: 'registry/side:1' },
    ];
    await using cluster = await enter({ objects: [aDeployment('web', { containers })] });
    return await cluster.send(`PATCH ${deployments}/web?fieldManager=x`, body, type);
  };
  const spec = (containers: readonly object[]) => ({
    spec: { template: { spec: { containers } } },
  });
  const containersIn = (body: Json) => objectsAt(body, 'spec', 'template', 'spec', 'containers');

  it('in JSON holds only while what it tests is true', async () => {
    const replace = { op: 'replace', path: '/spec/replicas', value: 5 };
    const right = await patched([{ op: 'test', path: '/spec/replicas', value: 2 }, replace], json);
    const wrong = await patched([{ op: 'test', path: '/spec/replicas', value: 3 }, replace], json);

    expect(at(right.body, 'spec', 'replicas')).toBe(5);
    expect([wrong.status, at(wrong.body, 'reason'), at(wrong.body, 'message')]).toEqual([
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
    ]);
  });

  it('in JSON inserts, moves and copies', async () => {
    const path = '/spec/template/metadata/labels';
    const { body } = await patched(
      [
        { op: 'copy', from: `${path}/app`, path: `${path}/tier` },
        {
          op: 'add',
          path: '/spec/template/spec/containers/0',
          value: { name: 'first', image: 'i' },
        },
        { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
        { op: 'move', from: '/metadata/labels/a', path: '/metadata/labels/c~1d' },
      ],
      json,
    );

    expect(templateLabels(body)).toEqual({ app: 'web', tier: 'web' });
    expect(containersIn(body).map(({ name }) => name)).toEqual(['first', 'app', 'side']);
    expect(at(body, 'metadata', 'labels')).toEqual({ 'c/d': 'b' });
  });

  it('merged by strategy changes one container, one variable, and deletes others', async () => {
    const change = spec([
      {
        name: 'app',
        env: [
          { name: 'A', value: '9' },
          { name: 'B', $patch: 'delete' },
        ],
      },
      { name: 'side', $patch: 'delete' },
      { name: 'new', image: 'registry/new:1' },
    ]);
    const { body } = await patched(change, strategic);

    expect(containersIn(body)).toMatchObject([
      { name: 'app', image: 'registry/app:1', env: [{ name: 'A', value: '9' }] },
      { name: 'new', image: 'registry/new:1' },
    ]);
  });

  it('merged by strategy obeys an order and a replacement', async () => {
    const ordered = await patched(
      {
        spec: {
          template: {
            spec: { '$setElementOrder/containers': [{ name: 'side' }, { name: 'app' }] },
          },
        },
      },
      strategic,
    );
    const replaced = await patched(
      spec([{ $patch: 'replace' }, { name: 'only', image: 'i' }]),
      strategic,
    );

    expect(containersIn(ordered.body).map(({ name }) => name)).toEqual(['side', 'app']);
    expect(containersIn(replaced.body).map(({ name }) => name)).toEqual(['only']);
  });

  it('merged plainly replaces lists and deletes by null', async () => {
    const { body } = await patched(
      { spec: { replicas: null, template: { spec: { containers: [{ name: 'x', image: 'i' }] } } } },
      'application/merge-patch+json',
    );

    expect(containersIn(body)).toEqual([{ name: 'x', image: 'i' }]);
    expect(at(body, 'spec', 'replicas')).toBeUndefined();
  });

  it('by strategy is not for custom resources', async () => {
    const identity = {
      apiVersion: 'aadpodidentity.k8s.io/v1',
      kind: 'AzureIdentity',
      metadata: { name: 'a', namespace: 'default' },
      spec: { type: 0 },
    };
    await using cluster = await enter({ objects: [identity] });
    const path = '/apis/aadpodidentity.k8s.io/v1/namespaces/default/azureidentities/a';
    const refused = await cluster.send(`PATCH ${path}`, { spec: { type: 1 } }, strategic);
    const merged = await cluster.send(
      `PATCH ${path}`,
      { spec: { type: 1 } },
      'application/merge-patch+json',
    );

    expect([refused.status, merged.status]).toEqual([415, 200]);
    expect(at(merged.body, 'spec', 'type')).toBe(1);
  });
});

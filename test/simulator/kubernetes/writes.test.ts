import { at, objectAt, objectsAt, textAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import { said } from '../../../simulator/kubernetes/object-parts';
import { aDeployment, aPod, enter } from './a-migration-cluster';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const accounts = '/api/v1/namespaces/default/serviceaccounts';
const pods = '/api/v1/namespaces/default/pods';
const manager = 'aks-identity-steward';

const useLabel = { 'azure.workload.identity/use': 'true' };
const labelled = (labels: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: { template: { metadata: { labels } } },
});
const templateLabels = (object: Json) => objectAt(object, 'spec', 'template', 'metadata', 'labels');
const causesOf = (body: Json) =>
  objectsAt(body, 'details', 'causes').map(({ reason, field }) => `${said(reason)} ${said(field)}`);

describe('server-side apply to a cluster', () => {
  it('creates a service account, and changes nothing the second time', async () => {
    await using cluster = await enter();
    const body = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'wi-shop', namespace: 'default', annotations: { a: 'b' } },
    };
    const first = await cluster.apply(`${accounts}/wi-shop`, manager, body);
    const again = await cluster.apply(`${accounts}/wi-shop`, manager, body);

    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect(objectsAt(first.body, 'metadata', 'managedFields')).toMatchObject([
      {
        manager,
        operation: 'Apply',
        fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:a': {} } } },
      },
    ]);
  });

  it('adds a label to a template and takes it away again', async () => {
    await using cluster = await enter({ objects: [aDeployment('web')] });
    const path = `${deployments}/web`;
    const added = await cluster.apply(path, manager, labelled(useLabel));
    const nothing = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };
    const removed = await cluster.apply(path, manager, nothing);

    expect(templateLabels(added.body)).toEqual({ app: 'web', ...useLabel });
    expect(at(added.body, 'metadata', 'generation')).toBe(1);
    expect(templateLabels(removed.body)).toEqual({ app: 'web' });
    expect(JSON.stringify(removed.body)).not.toContain(manager);
  });

  it('refuses what an earlier writer owns, and says who and what', async () => {
    await using cluster = await enter();
    await cluster.send(
      `POST ${deployments}?fieldManager=helm`,
      aDeployment('web', { serviceAccountName: 'old' }),
    );
    const config = { ...labelled({}), spec: { template: { spec: { serviceAccountName: 'new' } } } };
    const refused = await cluster.apply(`${deployments}/web`, manager, config);
    const before = await cluster.get(`${deployments}/web`);
    const forced = await cluster.send(
      `PATCH ${deployments}/web?fieldManager=${manager}&force=true`,
      config,
      'application/apply-patch+yaml',
    );

    expect([refused.status, at(refused.body, 'reason')]).toEqual([409, 'Conflict']);
    expect(causesOf(refused.body)).toEqual([
      'FieldManagerConflict .spec.template.spec.serviceAccountName',
    ]);
    expect(textAt(refused.body, 'message')).toMatch(
      /^Apply failed with 1 conflict: conflict with "helm" using apps\/v1 at [\dTZ:-]+: \.spec\.template\.spec\.serviceAccountName$/,
    );
    expect(at(before, 'spec', 'template', 'spec', 'serviceAccountName')).toBe('old');
    expect(at(forced.body, 'spec', 'template', 'spec', 'serviceAccountName')).toBe('new');
  });

  it('takes everything in an object that nobody applied to for that of an earlier manager', async () => {
    await using cluster = await enter({ objects: [aDeployment('web')] });
    const { body } = await cluster.apply(`${deployments}/web`, manager, labelled({ app: 'other' }));

    expect(causesOf(body)).toEqual(['FieldManagerConflict .spec.template.metadata.labels.app']);
    expect(textAt(body, 'message')).toContain('"before-first-apply" using apps/v1');
  });

  it('shares a value with whoever applies the same, until both are gone', async () => {
    await using cluster = await enter({ objects: [aDeployment('web')] });
    const path = `${deployments}/web`;
    await cluster.apply(path, 'one', labelled({ team: 'a' }));
    await cluster.apply(path, 'two', labelled({ team: 'a' }));
    const kept = await cluster.apply(path, 'one', labelled({}));
    const gone = await cluster.apply(path, 'two', labelled({}));

    expect(templateLabels(kept.body)).toEqual({ app: 'web', team: 'a' });
    expect(templateLabels(gone.body)).toEqual({ app: 'web' });
  });

  it('merges containers by name and environments by variable', async () => {
    await using cluster = await enter({ objects: [aDeployment('web')] });
    const env = [{ name: 'A', value: '1' }];
    const containers = [
      { name: 'app', env },
      { name: 'extra', image: 'registry/extra:1' },
    ];
    const config = { ...labelled({}), spec: { template: { spec: { containers } } } };
    const { body } = await cluster.apply(`${deployments}/web`, manager, config);

    expect(at(body, 'spec', 'template', 'spec', 'containers')).toEqual([
      { name: 'app', image: 'registry/app:1', env },
      { name: 'extra', image: 'registry/extra:1' },
    ]);
  });

  it.each<[string, { query?: string; body: object; status: number }]>([
    ['without a manager', { query: '', body: labelled({}), status: 422 }],
    ['of another kind', { body: { ...labelled({}), kind: 'Pod' }, status: 400 }],
    [
      'with managed fields',
      { body: { ...labelled({}), metadata: { name: 'web', managedFields: [{}] } }, status: 400 },
    ],
    [
      'with an old version',
      { body: { ...labelled({}), metadata: { name: 'web', resourceVersion: '1' } }, status: 409 },
    ],
  ])(
    'refuses a configuration %s',
    async (_case, { query = `?fieldManager=${manager}`, body, status }) => {
      await using cluster = await enter({ objects: [aDeployment('web')] });
      const reply = await cluster.send(
        `PATCH ${deployments}/web${query}`,
        body,
        'application/apply-patch+yaml',
      );

      expect(reply.status).toBe(status);
    },
  );
});

describe('a write', () => {
  it.each([
    [
      'a selector',
      {
        spec: {
          selector: { matchLabels: { app: 'web', x: 'y' } },
          template: { metadata: { labels: { x: 'y' } } },
        },
      },
      'spec.selector',
    ],
    [
      'labels that the selector misses',
      { spec: { template: { metadata: { labels: { app: 'x' } } } } },
      'spec.template.metadata.labels',
    ],
    [
      'a container without an image',
      { spec: { template: { spec: { containers: [{ name: 'x' }] } } } },
      'spec.template.spec.containers[0].image',
    ],
    ['a label that is none', { metadata: { labels: { a: 'no spaces' } } }, 'metadata.labels'],
  ])('is refused for %s', async (_case, patch, field) => {
    await using cluster = await enter({ objects: [aDeployment('web')] });
    const { status, body } = await cluster.send(
      `PATCH ${deployments}/web`,
      patch,
      'application/merge-patch+json',
    );

    expect([status, at(body, 'reason')]).toEqual([422, 'Invalid']);
    expect(objectsAt(body, 'details', 'causes')).toMatchObject([{ field }]);
  });

  it('changes nothing of a pod but its images', async () => {
    await using cluster = await enter();
    await cluster.send(`POST ${pods}`, aPod('web'));
    const merge = 'application/strategic-merge-patch+json';
    const image = await cluster.send(
      `PATCH ${pods}/web`,
      { spec: { containers: [{ name: 'app', image: 'other' }] } },
      merge,
    );
    const account = await cluster.send(
      `PATCH ${pods}/web`,
      { spec: { serviceAccountName: 'x' } },
      merge,
    );

    expect(image.status).toBe(200);
    expect(account.status).toBe(422);
    expect(textAt(account.body, 'message')).toContain(
      'Forbidden: pod updates may not change fields other than',
    );
  });

  it('completes what it creates and leaves what a world document brought', async () => {
    await using cluster = await enter({ objects: [aDeployment('given')] });
    const { body } = await cluster.send(`POST ${deployments}`, aDeployment('made'));
    const patch = { metadata: { labels: { a: 'b' } } };
    const given = await cluster.send(
      `PATCH ${deployments}/given`,
      patch,
      'application/merge-patch+json',
    );

    expect(objectAt(body, 'spec')).toMatchObject({
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate' },
    });
    expect(objectAt(given.body, 'spec')).toEqual((aDeployment('given') as JsonObject)['spec']);
  });
});

import { withAt, textAt } from '../../../../simulator/json';
import type { Json } from '../../../../simulator/json';
import type { KubeObject } from '../../../../simulator/kubernetes/resource-table';
import { aWorkload, liveWorld } from './a-world';
import type { LiveWorld } from './a-world';

const deployment = (spec = {}) => aWorkload({ kind: 'Deployment', spec: { replicas: 4, ...spec } });
const imaged = (image: string) => (object: KubeObject) =>
  withAt(object, ['spec', 'template', 'spec', 'containers'], [{ name: 'main', image }]);
const statusOf = (live: LiveWorld) => live.get('Deployment', 'default/web')?.['status'] as Json;
const setsOf = (live: LiveWorld) => live.list('ReplicaSet', 'default');
const podsOf = (live: LiveWorld) => live.list('Pod', 'default');
const nameOf = (object: KubeObject | undefined) => textAt(object, 'metadata', 'name') ?? '';
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const condition = (live: LiveWorld, type: string) =>
  (statusOf(live) as { conditions: { type: string }[] }).conditions.find(
    (one) => one.type === type,
  );

describe('a deployment', () => {
  it('makes a replica set and its pods, which are ready some seconds later', () => {
    const live = liveWorld();
    live.put('Deployment', deployment());

    live.pass(1);
    expect(podsOf(live).map((pod) => textAt(pod, 'status', 'phase'))).toEqual(
      Array(4).fill('Pending'),
    );
    live.pass(10);

    const [set] = setsOf(live);
    expect(statusOf(live)).toMatchObject({
      ...{ replicas: 4, updatedReplicas: 4, readyReplicas: 4, availableReplicas: 4 },
      ...{ unavailableReplicas: 0, observedGeneration: 1 },
    });
    expect(condition(live, 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
    });
    expect(podsOf(live)).toHaveLength(4);
    for (const pod of podsOf(live)) {
      expect(pod).toMatchObject({
        metadata: {
          labels: { app: 'web', 'pod-template-hash': nameOf(set).slice(4) },
          ownerReferences: [{ kind: 'ReplicaSet', uid: set?.metadata['uid'], controller: true }],
        },
        spec: { nodeName: like(/^aks-system-/), serviceAccountName: 'default' },
        status: { phase: 'Running', hostIP: like(/^10\.224\./) },
      });
    }
    expect(new Set(podsOf(live).map((pod) => textAt(pod, 'status', 'podIP'))).size).toBe(4);
  });

  it.each([
    ['25%', '25%', 5, 3],
    [1, 0, 5, 4],
    [0, 1, 4, 3],
    ['100%', 0, 8, 4],
  ])('rolls with surge %s and unavailable %s', (...[maxSurge, maxUnavailable, most, least]) => {
    const live = liveWorld();
    const strategy = { rollingUpdate: { maxSurge, maxUnavailable } };
    live.put('Deployment', deployment({ strategy }));
    live.pass(60);
    const before = podsOf(live).map((pod) => pod.metadata['name']);

    live.change('Deployment', 'default/web', imaged('two'));
    const seen: { total: number; ready: number }[] = [];
    for (let second = 0; second < 90; second += 1) {
      live.pass(1);
      const pods = podsOf(live).filter((pod) => pod.metadata['deletionTimestamp'] === undefined);
      const ready = pods.filter((pod) => textAt(pod, 'status', 'phase') === 'Running').length;
      seen.push({ total: pods.length, ready });
    }

    expect(Math.max(...seen.map(({ total }) => total))).toBe(most);
    expect(Math.min(...seen.map(({ ready }) => ready))).toBe(least);
    expect(podsOf(live).filter((pod) => before.includes(pod.metadata['name']))).toEqual([]);
    expect(statusOf(live)).toMatchObject({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 });
    expect(live.get('Deployment', 'default/web')?.metadata['annotations']).toMatchObject({
      'deployment.kubernetes.io/revision': '2',
    });
  });

  it('replaces all pods at once where it recreates, and never runs two templates together', () => {
    const live = liveWorld();
    live.put('Deployment', deployment({ strategy: { type: 'Recreate' } }));
    live.pass(60);

    live.change('Deployment', 'default/web', imaged('two'));
    const together: boolean[] = [];
    const counts: number[] = [];
    for (let second = 0; second < 40; second += 1) {
      live.pass(1);
      const images = podsOf(live).map((pod) => JSON.stringify(pod['spec']).includes('"two"'));
      together.push(new Set(images).size > 1);
      counts.push(
        podsOf(live).filter((pod) => textAt(pod, 'status', 'phase') === 'Running').length,
      );
    }

    expect(together).not.toContain(true);
    expect(counts).toContain(0);
    expect(statusOf(live)).toMatchObject({ updatedReplicas: 4, availableReplicas: 4 });
  });

  it('stands still while it is paused, and follows the wanted number all the same', () => {
    const live = liveWorld();
    live.put('Deployment', deployment());
    live.pass(60);

    live.change('Deployment', 'default/web', (object) =>
      withAt(imaged('two')(object), ['spec', 'paused'], true),
    );
    live.pass(60);
    expect(setsOf(live)).toHaveLength(1);
    expect(condition(live, 'Progressing')).toMatchObject({ reason: 'DeploymentPaused' });
    live.change('Deployment', 'default/web', (object) => withAt(object, ['spec', 'replicas'], 2));
    live.pass(60);
    expect(podsOf(live)).toHaveLength(2);
    live.change('Deployment', 'default/web', (object) => withAt(object, ['spec', 'paused'], false));
    live.pass(60);

    expect(setsOf(live)).toHaveLength(2);
    expect(statusOf(live)).toMatchObject({ updatedReplicas: 2, availableReplicas: 2 });
  });

  it('paused in the middle keeps both templates until it goes on', () => {
    const live = liveWorld();
    live.put('Deployment', deployment());
    live.pass(60);
    live.change('Deployment', 'default/web', imaged('two'));
    live.pass(2);

    live.change('Deployment', 'default/web', (object) => withAt(object, ['spec', 'paused'], true));
    live.pass(300);
    const wanted = setsOf(live).map((set) => (set['spec'] as { replicas: number }).replicas);
    expect(Math.min(...wanted)).toBeGreaterThan(0);
    live.change('Deployment', 'default/web', (object) => withAt(object, ['spec', 'paused'], false));
    live.pass(60);

    expect(statusOf(live)).toMatchObject({ replicas: 4, updatedReplicas: 4 });
  });

  it('says that it does not progress when its deadline is over, and recovers', () => {
    const live = liveWorld();
    const nowhere = { nodeSelector: { disk: 'none' } };
    const workload = { kind: 'Deployment', pod: nowhere } as const;
    live.put('Deployment', aWorkload({ ...workload, spec: { progressDeadlineSeconds: 120 } }));

    live.pass(118);
    expect(condition(live, 'Progressing')).toMatchObject({ status: 'True' });
    live.pass(10);
    expect(condition(live, 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    live.change('Deployment', 'default/web', (object) =>
      withAt(object, ['spec', 'template', 'spec', 'nodeSelector'], {}),
    );
    live.pass(60);

    expect(condition(live, 'Progressing')).toMatchObject({ status: 'True' });
    expect(statusOf(live)).toMatchObject({ availableReplicas: 1 });
  });

  it('goes back to an older template with the replica set it had, as a new revision', () => {
    const live = liveWorld();
    live.put('Deployment', deployment());
    live.pass(60);
    const [first] = setsOf(live);
    live.change('Deployment', 'default/web', imaged('two'));
    live.pass(60);

    live.change('Deployment', 'default/web', imaged('registry.contoso.example/web:1'));
    live.pass(60);

    expect(setsOf(live)).toHaveLength(2);
    const name = nameOf(first);
    expect(live.get('ReplicaSet', `default/${name}`)).toMatchObject({
      metadata: { annotations: { 'deployment.kubernetes.io/revision': '3' } },
      status: { readyReplicas: 4 },
    });
  });

  it('keeps as many old replica sets as its history says', () => {
    const live = liveWorld();
    live.put('Deployment', deployment({ revisionHistoryLimit: 1 }));
    live.pass(60);

    for (const image of ['two', 'three', 'four']) {
      live.change('Deployment', 'default/web', imaged(image));
      live.pass(60);
    }

    expect(setsOf(live)).toHaveLength(2);
  });

  it('waits before a ready pod counts as available', () => {
    const live = liveWorld();
    live.put('Deployment', deployment({ minReadySeconds: 30 }));

    live.pass(15);
    expect(statusOf(live)).toMatchObject({ readyReplicas: 4, availableReplicas: 0 });
    live.pass(30);

    expect(statusOf(live)).toMatchObject({ availableReplicas: 4 });
  });

  it('replaces a pod that was deleted or evicted, once it is gone', () => {
    const live = liveWorld();
    live.put('Deployment', deployment());
    live.pass(60);
    const [pod] = podsOf(live);
    const name = nameOf(pod);

    live.remove('Pod', `default/${name}`);
    live.pass(1);
    expect(live.get('Pod', `default/${name}`)?.metadata['deletionTimestamp']).toBeDefined();
    live.pass(30);

    expect(live.get('Pod', `default/${name}`)).toBeUndefined();
    expect(statusOf(live)).toMatchObject({ readyReplicas: 4 });
  });

  it('takes everything with it when it is deleted, and leaves what others own', () => {
    const live = liveWorld();
    live.put('Deployment', deployment());
    const foreign = aWorkload({ kind: 'ReplicaSet', name: 'rollout-1' });
    const owner = { apiVersion: 'argoproj.io/v1', kind: 'Rollout', name: 'r', uid: 'x' };
    const ownerReferences = [{ ...owner, controller: true }];
    live.put('ReplicaSet', { ...foreign, metadata: { ...foreign.metadata, ownerReferences } });
    live.pass(60);

    live.remove('Deployment', 'default/web');
    live.pass(60);

    expect(setsOf(live).map((set) => set.metadata['name'])).toEqual(['rollout-1']);
    expect(podsOf(live)).toHaveLength(1);
  });

  it('tries again and again, and says it once, where its pods are refused', () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    const live = liveWorld();
    live.put('Namespace', { kind: 'Namespace', metadata: { name: 'secure', uid: 'n', labels } });
    live.pass(5);
    live.put('Deployment', aWorkload({ kind: 'Deployment', namespace: 'secure' }));
    live.pass(60);
    const before = live.world.objects.version(live.id);

    live.pass(300);

    const [failed, ...others] = live
      .list('Event', 'secure')
      .filter(({ reason }) => reason === 'FailedCreate');
    expect(others).toEqual([]);
    expect(failed).toMatchObject({
      message: like(/^Error creating: pods "web-[a-z0-9]+-" is forbidden: /),
    });
    expect(live.world.objects.version(live.id) - before).toBeLessThanOrEqual(20);
    expect(live.list('Pod', 'secure')).toEqual([]);
    expect(live.get('Deployment', 'secure/web')).toMatchObject({
      status: {
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: 'ReplicaFailure' }),
        ]) as unknown,
      },
    });
    live.change('Namespace', 'secure', (one) => withAt(one, ['metadata', 'labels'], {}));
    live.pass(60);

    expect(live.list('Pod', 'secure')).toHaveLength(1);
  });
});

import { objectsAt, textAt, withAt } from '../../../../simulator/json';
import { nextOf, parseSchedule } from '../../../../simulator/kubernetes/controllers/cron-schedule';
import type { KubeObject } from '../../../../simulator/kubernetes/resource-table';
import { aWorkload, liveWorld, start } from './a-world';
import type { LiveWorld, Workload } from './a-world';

const imaged = (image: string) => (object: KubeObject) =>
  withAt(object, ['spec', 'template', 'spec', 'containers'], [{ name: 'main', image }]);
const namesOf = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata['name']);
const nameOf = (object: KubeObject | undefined) => textAt(object, 'metadata', 'name') ?? '';
const anyText: unknown = expect.any(String);
const imagesOf = (live: LiveWorld): Record<string, string | undefined> =>
  Object.fromEntries(
    live.list('Pod', 'default').map((pod) => {
      const [container] = objectsAt(pod, 'spec', 'containers');
      return [nameOf(pod), textAt(container, 'image')] as const;
    }),
  );
const running = (live: LiveWorld) =>
  live.list('Pod', 'default').filter((pod) => textAt(pod, 'status', 'phase') === 'Running');

describe('a stateful set', () => {
  const set = (spec = {}) => aWorkload({ kind: 'StatefulSet', spec: { replicas: 3, ...spec } });

  it('makes its pods one after the other, each when the one before is ready', () => {
    const live = liveWorld();
    live.put('StatefulSet', set());

    live.pass(1);
    expect(namesOf(live.list('Pod', 'default'))).toEqual(['web-0']);
    live.pass(60);

    expect(namesOf(live.list('Pod', 'default'))).toEqual(['web-0', 'web-1', 'web-2']);
    expect(live.get('StatefulSet', 'default/web')).toMatchObject({
      status: { replicas: 3, readyReplicas: 3, updatedReplicas: 3, availableReplicas: 3 },
    });
  });

  it('makes them all at once where it is parallel', () => {
    const live = liveWorld();
    live.put('StatefulSet', set({ podManagementPolicy: 'Parallel' }));

    live.pass(1);

    expect(live.list('Pod', 'default')).toHaveLength(3);
  });

  it('renews only pods from the partition on, and remakes the others as they were', () => {
    const live = liveWorld();
    live.put('StatefulSet', set({ updateStrategy: { rollingUpdate: { partition: 2 } } }));
    live.pass(60);

    live.change('StatefulSet', 'default/web', imaged('two'));
    live.pass(60);
    const old = 'registry.contoso.example/web:1';
    expect(imagesOf(live)).toEqual({ 'web-0': old, 'web-1': old, 'web-2': 'two' });
    expect(live.get('StatefulSet', 'default/web')).toMatchObject({
      status: { updatedReplicas: 1, currentReplicas: 2, readyReplicas: 3 },
    });
    live.remove('Pod', 'default/web-0');
    live.pass(60);
    expect(imagesOf(live)).toMatchObject({ 'web-0': old });
    live.change('StatefulSet', 'default/web', (object) =>
      withAt(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition'], 0),
    );
    live.pass(120);

    expect(imagesOf(live)).toEqual({ 'web-0': 'two', 'web-1': 'two', 'web-2': 'two' });
    const status = live.get('StatefulSet', 'default/web')?.['status'] as Record<string, unknown>;
    expect(status['currentRevision']).toBe(status['updateRevision']);
  });

  it('on deletion renews a pod only when it is deleted', () => {
    const live = liveWorld();
    live.put('StatefulSet', set({ updateStrategy: { type: 'OnDelete' } }));
    live.pass(60);
    live.change('StatefulSet', 'default/web', imaged('two'));
    live.pass(60);
    const untouched = Object.values(imagesOf(live)).filter((image) => image === 'two');

    live.remove('Pod', 'default/web-1');
    live.pass(60);

    expect(untouched).toEqual([]);
    expect(imagesOf(live)).toMatchObject({ 'web-1': 'two' });
    expect(Object.values(imagesOf(live)).filter((image) => image === 'two')).toHaveLength(1);
  });

  it('gives up the highest numbers first when it shrinks', () => {
    const live = liveWorld();
    live.put('StatefulSet', set());
    live.pass(60);

    live.change('StatefulSet', 'default/web', (one) => withAt(one, ['spec', 'replicas'], 1));
    live.pass(60);

    expect(namesOf(live.list('Pod', 'default'))).toEqual(['web-0']);
  });
});

describe('a daemon set', () => {
  const daemon = (more: Partial<Workload> = {}) => aWorkload({ kind: 'DaemonSet', ...more });

  it.each([
    ['linux', 3],
    ['windows', 2],
  ])('has one pod on each %s node', (os, count) => {
    const live = liveWorld();
    live.put('DaemonSet', daemon({ pod: { nodeSelector: { 'kubernetes.io/os': os } } }));

    live.pass(30);

    const nodes = live.list('Pod', 'default').map((pod) => textAt(pod, 'spec', 'nodeName'));
    expect(new Set(nodes).size).toBe(count);
    expect(live.get('DaemonSet', 'default/web')).toMatchObject({
      status: { desiredNumberScheduled: count, numberReady: count, updatedNumberScheduled: count },
    });
  });

  it('is renewed node by node', () => {
    const live = liveWorld();
    live.put('DaemonSet', daemon());
    live.pass(60);

    live.change('DaemonSet', 'default/web', imaged('two'));
    const working: number[] = [];
    for (let second = 0; second < 90; second += 1) {
      live.pass(1);
      working.push(running(live).filter((pod) => !pod.metadata['deletionTimestamp']).length);
    }

    expect(Math.min(...working)).toBe(2);
    expect(new Set(Object.values(imagesOf(live)))).toEqual(new Set(['two']));
  });

  it('on deletion is renewed only where a pod was deleted', () => {
    const live = liveWorld();
    live.put('DaemonSet', daemon({ spec: { updateStrategy: { type: 'OnDelete' } } }));
    live.pass(60);
    live.change('DaemonSet', 'default/web', imaged('two'));
    live.pass(60);
    const [first] = live.list('Pod', 'default');

    live.remove('Pod', `default/${nameOf(first)}`);
    live.pass(60);

    expect(Object.values(imagesOf(live)).filter((image) => image === 'two')).toHaveLength(1);
  });
});

describe('a replication controller', () => {
  it('keeps its number of pods', () => {
    const live = liveWorld();
    live.put(
      'ReplicationController',
      aWorkload({ kind: 'ReplicationController', spec: { replicas: 2 } }),
    );
    live.pass(30);
    const [first] = live.list('Pod', 'default');

    live.remove('Pod', `default/${nameOf(first)}`, 0);
    live.pass(30);

    expect(running(live)).toHaveLength(2);
  });
});

describe('a job', () => {
  const job = (spec = {}, pod = {}) =>
    aWorkload({ kind: 'Job', spec, pod: { restartPolicy: 'Never', ...pod } });

  it('is complete when its pods are done', () => {
    const live = liveWorld();
    live.put('Job', job({ completions: 3, parallelism: 2 }));

    live.pass(15);
    expect(live.get('Job', 'default/web')).toMatchObject({ status: { active: 2, succeeded: 0 } });
    live.pass(300);

    expect(live.get('Job', 'default/web')).toMatchObject({
      status: {
        ...{ succeeded: 3, active: 0, completionTime: anyText },
        conditions: [{ type: 'Complete', status: 'True' }],
      },
    });
  });

  it.each([
    [
      'an ordinary container',
      {
        containers: [
          { name: 'azwi-proxy', image: 'a' },
          { name: 'main', image: 'a' },
        ],
      },
      0,
    ],
    [
      'a native sidecar',
      {
        initContainers: [{ name: 'azwi-proxy', image: 'a', restartPolicy: 'Always' }],
        containers: [{ name: 'main', image: 'a' }],
      },
      1,
    ],
  ])('with %s as proxy', (_, pod, succeeded) => {
    const live = liveWorld();
    live.put('Job', job({}, pod));

    live.pass(3600);

    expect(live.get('Job', 'default/web')).toMatchObject({ status: { succeeded } });
    expect(live.get('Job', 'default/web')).toMatchObject({ status: { active: 1 - succeeded } });
  });

  it('goes after its time to live', () => {
    const live = liveWorld();
    live.put('Job', job({ ttlSecondsAfterFinished: 100 }));

    live.pass(600);

    expect(live.list('Job')).toEqual([]);
    expect(live.list('Pod', 'default')).toEqual([]);
  });
});

describe('a cron job', () => {
  const cron = (spec = {}) =>
    aWorkload({
      kind: 'CronJob',
      spec: {
        schedule: '*/10 * * * *',
        jobTemplate: {
          spec: {
            template: {
              spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a' }] },
            },
          },
        },
        ...spec,
      },
    });

  it('makes a job at each minute of its schedule and keeps three that went well', () => {
    const live = liveWorld();
    live.put('CronJob', cron());

    live.pass(3700);

    const last = Math.floor((start + 3600_000) / 60_000);
    expect(namesOf(live.list('Job'))).toEqual([20, 10, 0].map((ago) => `web-${last - ago}`));
    expect(live.get('CronJob', 'default/web')).toMatchObject({
      status: { lastScheduleTime: '2026-11-24T09:00:00Z' },
    });
  });

  it.each([
    ['Forbid', 1],
    ['Allow', 3],
    ['Replace', 1],
  ])('with %s lets so many run that never end: %s', (concurrencyPolicy, count) => {
    const live = liveWorld({ behaviour: { jobSeconds: { least: 90_000, most: 90_000 } } });
    live.put('CronJob', cron({ concurrencyPolicy }));

    live.pass(1900);

    expect(live.list('Job')).toHaveLength(count);
  });

  it('makes none while it is suspended, and none for the time before this world', () => {
    const live = liveWorld();
    const old = cron({ suspend: true });
    live.put('CronJob', withAt(old, ['metadata', 'creationTimestamp'], '2024-01-01T00:00:00Z'));
    live.pass(3600);
    const suspended = live.list('Job').length;

    live.change('CronJob', 'default/web', (one) => withAt(one, ['spec', 'suspend'], false));
    live.pass(30);

    expect(suspended).toBe(0);
    expect(live.list('Job').length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['15 2 * * *', '2026-11-25T02:15:00Z'],
    ['*/20 * * * *', '2026-11-24T08:20:00Z'],
    ['0 9-17/4 * * mon-fri', '2026-11-24T09:00:00Z'],
    ['0 0 1 jan *', '2027-01-01T00:00:00Z'],
    ['0 12 13 * 5', '2026-11-27T12:00:00Z'],
    ['@weekly', '2026-11-29T00:00:00Z'],
  ])('%s comes next at %s', (text, expected) => {
    const schedule = parseSchedule(text);
    expect(schedule && new Date(nextOf(schedule, start) ?? 0).toISOString()).toBe(
      new Date(expected).toISOString(),
    );
  });

  it.each(['', '* * * *', '61 * * * *', '* * * * * *', 'a b c d e', '5-2 * * * *', '*/0 * * * *'])(
    '%p is no schedule',
    (text) => {
      expect(parseSchedule(text)).toBeUndefined();
    },
  );
});

describe('a namespace', () => {
  it('has a default account, and takes what is in it with it', () => {
    const live = liveWorld();
    live.put('Namespace', { kind: 'Namespace', metadata: { name: 'team', uid: 'n' } });
    live.put('Deployment', aWorkload({ kind: 'Deployment', namespace: 'team' }));
    live.pass(30);
    const account = live.get('ServiceAccount', 'team/default');

    live.change('Namespace', 'team', (one) =>
      withAt(one, ['metadata', 'deletionTimestamp'], '2026-11-24T08:01:00Z'),
    );
    live.pass(60);

    expect(account).toBeDefined();
    expect(live.get('Namespace', 'team')).toBeUndefined();
    expect([...live.list('Pod', 'team'), ...live.list('Deployment', 'team')]).toEqual([]);
  });
});

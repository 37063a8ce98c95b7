import { canonical, objectsAt, textAt } from '../../../../simulator/json';
import type { JsonObject } from '../../../../simulator/json';
import { fixtures, fixtureWorld } from './a-world';
import type { LiveWorld } from './a-world';

/** Workloads of the fixtures whose identity never worked: nothing is bound to them, or they name a foreign one. */
const hopeless: Readonly<Record<string, readonly string[]>> = {
  '01-addon-simple.json': ['shop/Deployment/legacy'],
  '03-multi-identity-selector.json': ['pay/Deployment/audit'],
  '04-oss-standard-cross-namespace.json': ['team-a/DaemonSet/collector', 'team-b/Deployment/tool'],
};

const anyText: unknown = expect.any(String);
const workloadsOf = (live: LiveWorld): readonly JsonObject[] =>
  objectsAt(live.world.probes.report(), 'workloads');
const snapshot = (live: LiveWorld): string =>
  canonical([...live.world.objects.of(live.id)].map(([, object]) => object));

describe.each(fixtures)('the cluster of %s', (name) => {
  it('settles at once, restarts no pod, and then stands still', () => {
    const live = fixtureWorld(name);
    const given = live
      .list('Pod')
      .filter((pod) => textAt(pod.metadata, 'creationTimestamp')?.startsWith('2024'));

    live.pass(600); // a job among them does its work
    const settled = live.world.objects.version(live.id);
    live.pass(3600);

    expect(live.world.objects.version(live.id)).toBe(settled);
    for (const pod of given) {
      const path = `${textAt(pod.metadata, 'namespace') ?? ''}/${textAt(pod.metadata, 'name') ?? ''}`;
      expect(live.get('Pod', path)?.metadata['uid']).toBe(pod.metadata['uid']);
    }
    for (const kind of ['Deployment', 'StatefulSet', 'ReplicaSet'] as const) {
      for (const object of live.list(kind)) {
        const { replicas } = object['spec'] as { replicas: number };
        expect(object).toMatchObject({ status: { replicas, readyReplicas: replicas } });
      }
    }
    expect(live.list('Event')).toEqual([]);
  });

  it('runs for a day with a token for everybody who should have one', () => {
    const live = fixtureWorld(name, { probe: true });

    live.pass(24 * 3600);

    const failing = workloadsOf(live).filter((one) => Number(one['failed']) > 0);
    expect(failing.map((one) => [one['workload'], one['lastError']])).toEqual(
      (hopeless[name] ?? []).map((workload) => [workload, anyText]),
    );
    const deployments = workloadsOf(live).filter((one) =>
      textAt(one, 'workload')?.includes('/Deployment/'),
    );
    expect(deployments.length).toBeGreaterThan(0);
    for (const one of deployments) expect(one['asked']).toBeGreaterThan(1400);
    expect(objectsAt(live.world.probes.report(), 'gaps')).toEqual([]);
  });

  it('comes to the same from the same seed, in whatever strides', () => {
    const [one, other] = [fixtureWorld(name, { probe: true }), fixtureWorld(name, { probe: true })];

    one.pass(20 * 3600);
    for (let hour = 0; hour < 20; hour += 1) other.pass(3600);

    expect(snapshot(other)).toBe(snapshot(one));
    expect(other.world.probes.report()).toEqual(one.world.probes.report());
  });
});

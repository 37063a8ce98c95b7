import { objectsAt, textAt, withAt } from '../../../../simulator/json';
import { logOf } from '../../../../simulator/kubernetes/objects/pod-logs';
import type { KubeObject } from '../../../../simulator/kubernetes/resource-table';
import { aLive, bad, client, credential, found, label, like, place, run, use } from './an-app';
import { aWorkload } from './a-world';
import type { LiveWorld } from './a-world';

describe('NMI that is killed', () => {
  const nmiOn = (live: LiveWorld, node: string | undefined) =>
    live
      .list('Pod', 'kube-system')
      .find(
        (one) =>
          textAt(one, 'metadata', 'labels', 'app') === 'nmi' &&
          textAt(one, 'spec', 'nodeName') === node,
      );
  const probePod = (node: string | undefined): KubeObject => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      name: 'look',
      namespace: 'default',
      uid: 'look',
      creationTimestamp: '2026-11-24T08:00:00Z',
    },
    spec: {
      nodeName: node ?? '',
      restartPolicy: 'Never',
      containers: [{ name: 'look', image: 'x/steward-probe:1' }],
    },
    status: { phase: 'Pending' },
  });

  it.each([
    [
      0,
      bad('imds', /^connect ETIMEDOUT 169\.254\.169\.254:80/),
      /failed: connect ETIMEDOUT/,
      'Failed',
    ],
    [30, bad('imds', /the token is for cccc3333/), / 200$/, 'Succeeded'],
  ] as const)(
    'with a grace of %i seconds leaves the node so',
    (...[grace, expected, seen, phase]) => {
      const app = { asksBy: 'nothing', clientId: client.app };
      const live = aLive({ addOn: true, app });
      run(live, { labels: label });
      const node = textAt(live.list('Pod', 'default')[0], 'spec', 'nodeName');

      const cluster = live.world.resources.get(live.id);
      const nmi = nmiOn(live, node);
      live.remove('Pod', `kube-system/${textAt(nmi, 'metadata', 'name') ?? ''}`, grace);
      live.remove('DaemonSet', 'kube-system/nmi');
      if (cluster)
        live.world.resources.put(
          withAt(
            live.world.resources.get(live.id) ?? cluster,
            ['properties', 'podIdentityProfile'],
            undefined,
          ),
        );
      live.pass(60);
      live.world.probes.reset();
      live.pass(60);
      live.put('Pod', probePod(node));
      live.pass(120);

      const counted = found(live);
      expect({ ...counted, asked: 1, failed: 1, byPath: { imds: 1 } }).toMatchObject(expected);
      expect(logOf(place(live, probePod(node)), live.world).map(({ text }) => text)).toEqual([
        like(seen),
      ]);
      expect(live.get('Pod', 'default/look')).toMatchObject({ status: { phase } });
    },
  );
});

describe('apps', () => {
  it('crash while they get no token, where they are such, and come back', () => {
    const live = aLive({
      app: { uses: 'sdk', crashes: 'withoutToken', clientId: client.app },
      credentials: [],
    });
    live.put(
      'Deployment',
      aWorkload({ kind: 'Deployment', labels: use, pod: { serviceAccountName: 'app' } }),
    );

    live.pass(300);
    expect(live.list('Pod', 'default')).toMatchObject([
      {
        status: {
          containerStatuses: [
            { ready: false, restartCount: 5, state: { waiting: { reason: 'CrashLoopBackOff' } } },
          ],
        },
      },
    ]);
    live.world.resources.put(credential());
    live.pass(600);

    expect(live.get('Deployment', 'default/web')).toMatchObject({ status: { readyReplicas: 1 } });
  });

  it('of jobs fail without a token, and the job tries again', () => {
    const live = aLive({ bound: [] });
    const job = aWorkload({
      kind: 'Job',
      labels: label,
      pod: { restartPolicy: 'Never' },
      spec: { backoffLimit: 2 },
    });
    live.put('Job', job);

    live.pass(900);

    expect(live.get('Job', 'default/web')).toMatchObject({
      status: { failed: 3, conditions: [{ type: 'Failed', reason: 'BackoffLimitExceeded' }] },
    });
  });

  it('leave a gap when none of a workload is ready for a while', () => {
    const live = aLive();
    run(live, { labels: label, spec: { strategy: { type: 'Recreate' } } });

    live.change('Deployment', 'default/web', (object) =>
      withAt(object, ['spec', 'template', 'metadata', 'annotations'], { turn: '2' }),
    );
    live.pass(60);

    expect(objectsAt(live.world.probes.report(), 'gaps')).toMatchObject([
      { workload: 'default/Deployment/web', from: like(/^2026/), until: like(/^2026/) },
    ]);
  });

  it('like the demo say that they have a token', () => {
    const live = aLive();
    run(live, { labels: label, image: 'mcr.microsoft.com/oss/azure/aad-pod-identity/demo:v1.6.3' });
    const [pod] = live.list('Pod', 'default');

    expect(
      logOf(place(live, pod), live.world)
        .map(({ text }) => text)
        .join('\n'),
    ).toMatch(
      /successfully acquired a token, userAssignedID MSI, .*clientID\(aaaa1111.*\)\nsuccessfully made GET on instance metadata$/,
    );
  });
});

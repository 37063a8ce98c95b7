import fc from 'fast-check';

import { at, objectsAt, textAt, withAt } from '../../../../simulator/json';
import type { JsonObject } from '../../../../simulator/json';
import { admitPod } from '../../../../simulator/kubernetes/admission';
import type { KubeObject } from '../../../../simulator/kubernetes/resource-table';
import { injected } from '../../../../simulator/kubernetes/webhooks/injection';
import { aCluster, aWorkload, liveWorld, tenantId } from './a-world';
import type { LiveWorld } from './a-world';

const wi = 'azure.workload.identity';
const clientId = '7dd5a9b7-cc5c-4f11-85e0-66ff03b81600';
const withWorkloadIdentity = {
  oidcIssuerProfile: { enabled: true, issuerURL: 'https://issuer/' },
  securityProfile: { workloadIdentity: { enabled: true } },
};

function aLive(version = '1.33.2'): LiveWorld {
  const live = liveWorld({ resources: aCluster(version, withWorkloadIdentity) });
  const annotations = { [`${wi}/client-id`]: clientId };
  live.put('ServiceAccount', {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount' },
    metadata: { name: 'app', namespace: 'default', annotations },
  });
  return live;
}

interface Asked {
  readonly annotations?: JsonObject;
  readonly labels?: JsonObject;
  readonly spec?: JsonObject;
  readonly namespace?: string;
}

const pod = ({ annotations, labels, spec, namespace = 'default' }: Asked = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace, labels: labels ?? { [`${wi}/use`]: 'true' }, annotations },
  spec: { serviceAccountName: 'app', containers: [{ name: 'main', image: 'a' }], ...spec },
});

function admit(live: LiveWorld, asked: Asked = {}) {
  const cluster = live.world.resources.get(live.id);
  if (cluster === undefined) throw new Error('no cluster');
  const namespace = asked.namespace ?? 'default';
  const context = { cluster, world: live.world, namespace, dryRun: true };
  return admitPod(pod(asked), context);
}

function admitted(live: LiveWorld, asked: Asked = {}): KubeObject {
  const answer = admit(live, asked);
  if ('refused' in answer) throw new Error(JSON.stringify(answer.refused.body));
  return answer.pod;
}

function refusal(live: LiveWorld, asked: Asked = {}): string {
  const answer = admit(live, asked);
  return 'refused' in answer
    ? `${answer.refused.status} ${textAt(answer.refused.body, 'message') ?? ''}`
    : 'admitted';
}

const names = (object: KubeObject, member: string) =>
  objectsAt(object, 'spec', member).map((one) => one['name']);
const environment = (container: JsonObject | undefined): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    objectsAt(container, 'env').map((one) => [textAt(one, 'name') ?? '', one['value']] as const),
  );
const main = (object: KubeObject) =>
  objectsAt(object, 'spec', 'containers').find((one) => one['name'] === 'main');
const sidecar = { [`${wi}/inject-proxy-sidecar`]: 'true' };

describe('the webhook of workload identity', () => {
  it('gives a labelled pod its environment, a mount and the projected token', () => {
    const made = admitted(aLive());

    expect(environment(main(made))).toEqual({
      AZURE_CLIENT_ID: clientId,
      AZURE_TENANT_ID: tenantId,
      AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/azure/wi/azure-identity-token',
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
    });
    expect(objectsAt(main(made), 'volumeMounts')).toMatchObject([
      { mountPath: '/var/run/secrets/azure/wi', readOnly: true },
    ]);
    expect(at(made, 'spec', 'volumes')).toMatchObject([
      {
        projected: {
          sources: [
            {
              serviceAccountToken: {
                audience: 'api://AzureADTokenExchange',
                expirationSeconds: 3600,
              },
            },
          ],
        },
      },
    ]);
    expect(names(made, 'initContainers')).toEqual([]);
  });

  it.each([
    ['without the label', { labels: {} }],
    ['with another value', { labels: { [`${wi}/use`]: 'True' } }],
    ['with an annotation instead', { labels: {}, annotations: { [`${wi}/use`]: 'true' } }],
    ['in kube-system', { namespace: 'kube-system' }],
  ])('leaves a pod %s alone', (_, asked) => {
    expect(admitted(aLive(), asked)).toEqual(pod(asked));
  });

  it.each([{ 'control-plane': 'x' }, { 'kubernetes.azure.com/managedby': 'aks' }])(
    'leaves pods of a namespace with %p alone',
    (labels) => {
      const live = aLive();
      live.put('Namespace', { kind: 'Namespace', metadata: { name: 'ops', labels } });

      const asked = { namespace: 'ops' };
      expect(admitted(live, asked)).toEqual(pod(asked));
    },
  );

  it('adds no variable whose name is there, and does not look at envFrom', () => {
    const env = [
      { name: 'AZURE_CLIENT_ID', value: 'own' },
      { name: 'AZURE_TENANT_ID', valueFrom: {} },
    ];
    const container = { name: 'main', env, envFrom: [{ configMapRef: { name: 'c' } }] };
    const made = main(admitted(aLive(), { spec: { containers: [container] } }));

    expect(environment(made)['AZURE_CLIENT_ID']).toBe('own');
    expect(objectsAt(made, 'env').map((one) => one['name'])).toEqual([
      'AZURE_CLIENT_ID',
      'AZURE_TENANT_ID',
      'AZURE_FEDERATED_TOKEN_FILE',
      'AZURE_AUTHORITY_HOST',
    ]);
  });

  it('gives no client id where the account has no annotation', () => {
    const made = admitted(aLive(), { spec: { serviceAccountName: 'default' } });

    expect(environment(main(made))).not.toHaveProperty('AZURE_CLIENT_ID');
  });

  it('leaves out the containers to skip, init containers included', () => {
    const spec = {
      initContainers: [{ name: 'one' }, { name: 'two' }],
      containers: [{ name: 'main' }, { name: 'three' }],
    };
    const annotations = { [`${wi}/skip-containers`]: 'two; three' };
    const made = admitted(aLive(), { spec, annotations });

    const touched = ['initContainers', 'containers'].flatMap((member) =>
      objectsAt(made, 'spec', member).filter((one) => one['env'] !== undefined),
    );
    expect(touched.map((one) => one['name'])).toEqual(['one', 'main']);
  });

  it.each([
    ['3599', false],
    ['3600', true],
    ['86400', true],
    ['86401', false],
    ['soon', false],
  ])('takes an expiration of %s: %s', (value, taken) => {
    const annotations = { [`${wi}/service-account-token-expiration`]: value };

    expect(refusal(aLive(), { annotations }) === 'admitted').toBe(taken);
    if (!taken) expect(refusal(aLive(), { annotations })).toMatch(/^400 .*denied the request/);
  });

  it.each(['true', 'false', ''])('puts the proxy in when its annotation says %p', (value) => {
    const annotations = { [`${wi}/inject-proxy-sidecar`]: value };
    const spec = { initContainers: [{ name: 'setup' }] };
    const made = admitted(aLive('1.32.0'), { annotations, spec });

    expect(names(made, 'initContainers')).toEqual(['azwi-proxy', 'setup', 'azwi-proxy-init']);
    expect(objectsAt(made, 'spec', 'initContainers')[0]).toMatchObject({ restartPolicy: 'Always' });
    expect(names(made, 'containers')).toEqual(['main']);
  });

  it('puts an ordinary proxy first below 1.32', () => {
    const made = admitted(aLive('1.31.9'), { annotations: sidecar });

    expect(names(made, 'containers')).toEqual(['azwi-proxy', 'main']);
    expect(names(made, 'initContainers')).toEqual(['azwi-proxy-init']);
    expect(objectsAt(made, 'spec', 'containers')[0]).not.toHaveProperty('restartPolicy');
  });

  it('leaves azwi-proxy-init where the template has it, and gives neither container resources', () => {
    const spec = { initContainers: [{ name: 'azwi-proxy-init' }, { name: 'setup' }] };
    const made = admitted(aLive(), { annotations: sidecar, spec });

    expect(names(made, 'initContainers')).toEqual(['azwi-proxy', 'azwi-proxy-init', 'setup']);
    for (const one of objectsAt(made, 'spec', 'initContainers')) {
      expect(one).not.toHaveProperty('resources');
    }
  });

  it('uses the port of the annotation', () => {
    const annotations = { ...sidecar, [`${wi}/proxy-sidecar-port`]: '8010' };
    const made = admitted(aLive(), { annotations });

    expect(objectsAt(made, 'spec', 'initContainers')[0]).toMatchObject({
      args: ['--proxy-port=8010', '--log-level=info'],
      ports: [{ containerPort: 8010 }],
    });
  });

  it('refuses the proxy on the host network, and an account that is not there', () => {
    const spec = { hostNetwork: true };
    expect(refusal(aLive(), { annotations: sidecar, spec })).toMatch(/^400 .*hostNetwork/);
    expect(refusal(aLive(), { spec })).toBe('admitted');
    expect(refusal(aLive(), { spec: { serviceAccountName: 'nobody' } })).toMatch(/^400 .*nobody/);
  });

  it('fails labelled pods, and those only, while no pod of it is ready', () => {
    const live = aLive();
    live.change('Deployment', 'kube-system/azure-wi-webhook-controller-manager', (object) =>
      withAt(object, ['spec', 'replicas'], 0),
    );
    live.pass(60);

    expect(refusal(live)).toMatch(/^500 .*no endpoints available/);
    expect(refusal(live, { labels: {} })).toBe('admitted');
    live.put('Deployment', aWorkload({ kind: 'Deployment', labels: { [`${wi}/use`]: 'true' } }));
    live.pass(60);
    expect(live.list('Pod', 'default')).toEqual([]);
    const said = live
      .list('Event', 'default')
      .map(({ type, reason }) => `${type as string} ${reason as string}`);
    expect(said.sort()).toEqual(['Normal ScalingReplicaSet', 'Warning FailedCreate']);
    live.change('Deployment', 'kube-system/azure-wi-webhook-controller-manager', (object) =>
      withAt(object, ['spec', 'replicas'], 2),
    );
    live.pass(120);

    expect(live.list('Pod', 'default')).toHaveLength(1);
  });

  it('keeps everything of a pod that it does not add to, and is done after one pass', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'azwi-proxy-init');
    const container = fc.record({
      name,
      env: fc.array(fc.record({ name: fc.string(), value: fc.string() }), { maxLength: 2 }),
    });
    const unique = { selector: ({ name: own }: { name: string }) => own, maxLength: 4 };
    const account = { metadata: { annotations: { [`${wi}/client-id`]: clientId } } };
    fc.assert(
      fc.property(
        fc.uniqueArray(container, unique),
        fc.uniqueArray(container, unique),
        fc.record({
          skip: fc.subarray(['a', 'b', 'c']),
          proxy: fc.boolean(),
          native: fc.boolean(),
        }),
        (...[initContainers, containers, { skip, proxy, native }]) => {
          const annotations = { ...(proxy && sidecar), [`${wi}/skip-containers`]: skip.join(';') };
          const versions = { tenantId, webhookMinor: 6, nativeSidecar: native };
          const before = pod({ annotations, spec: { initContainers, containers } });

          const once = injected(before, account, versions);
          if ('error' in once) throw new Error(once.error);
          const twice = injected(once.pod, account, versions);

          expect(twice).toEqual(once);
          for (const member of ['initContainers', 'containers']) {
            const kept = objectsAt(once.pod, 'spec', member).filter((one) =>
              objectsAt(before, 'spec', member).some((own) => own['name'] === one['name']),
            );
            expect(kept.map((one) => one['name'])).toEqual(names(before, member));
            kept.forEach((one, index) => {
              const own = objectsAt(before, 'spec', member)[index];
              const env = objectsAt(own, 'env');
              expect(objectsAt(one, 'env').slice(0, env.length)).toEqual(env);
              if (skip.includes(String(textAt(one, 'name')))) expect(one).toEqual(own);
            });
          }
        },
      ),
    );
  });

  it('mounts tokens where the version of the webhook does', () => {
    const account = { metadata: {} };
    const versions = { tenantId, webhookMinor: 5, nativeSidecar: true };

    const made = injected(pod(), account, versions);

    expect('pod' in made && environment(main(made.pod))['AZURE_FEDERATED_TOKEN_FILE']).toBe(
      '/var/run/secrets/azure/tokens/azure-identity-token',
    );
  });
});

import { objectAt, objectsAt, textAt, withAt } from '../../../../simulator/json';
import type { JsonObject } from '../../../../simulator/json';
import { labelsOf } from '../../../../simulator/kubernetes/controllers/objects';
import type { Kind } from '../../../../simulator/kubernetes/controllers/objects';
import { fixtureWorld } from './a-world';
import type { LiveWorld } from './a-world';

const wi = 'azure.workload.identity';
const identity = (name: string) =>
  `/subscriptions/11111111-aaaa-4aaa-8aaa-111111111111/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;

function changeCluster(live: LiveWorld, path: readonly string[], value: JsonObject): void {
  const cluster = live.world.resources.get(live.id);
  if (cluster !== undefined)
    live.world.resources.put(withAt(cluster, ['properties', ...path], value));
  live.pass(120);
}

function trust(live: LiveWorld, name: string, account: string): void {
  const cluster = live.world.resources.get(live.id);
  live.world.resources.put({
    id: `${identity(name)}/federatedIdentityCredentials/steward`,
    properties: {
      issuer: textAt(cluster, 'properties', 'oidcIssuerProfile', 'issuerURL'),
      subject: `system:serviceaccount:shop:${account}`,
      audiences: ['api://AzureADTokenExchange'],
    },
  });
  const clientId = textAt(live.world.resources.get(identity(name)), 'properties', 'clientId');
  live.change('ServiceAccount', `shop/${account}`, (one) =>
    withAt(one, ['metadata', 'annotations', `${wi}/client-id`], clientId),
  );
}

function patch(live: LiveWorld, kind: Kind, name: string): void {
  const job = kind === 'CronJob' ? ['jobTemplate', 'spec'] : [];
  const template = ['spec', ...job, 'template', 'metadata'];
  live.change(kind, `shop/${name}`, (one) => {
    const labels = { ...objectAt(one, ...template, 'labels'), [`${wi}/use`]: 'true' };
    const annotations = { [`${wi}/inject-proxy-sidecar`]: 'true' };
    return withAt(
      withAt(one, [...template, 'labels'], labels),
      [...template, 'annotations'],
      annotations,
    );
  });
}

const cut = (live: LiveWorld): void => {
  changeCluster(live, ['podIdentityProfile'], { enabled: false });
};

/** Failures of the workloads that had an identity to begin with. */
const failures = (live: LiveWorld) =>
  objectsAt(live.world.probes.report(), 'workloads')
    .filter((one) => one['workload'] !== 'shop/Deployment/legacy')
    .map((one) => [one['workload'], one['failed'], one['byPath']]);

describe('a migration of the simple cluster', () => {
  it('in the right order leaves nobody without a token for a minute', () => {
    const live = fixtureWorld('01-addon-simple.json', { probe: true });
    live.pass(3600);

    changeCluster(live, ['securityProfile'], { workloadIdentity: { enabled: true } });
    trust(live, 'id-orders', 'orders');
    trust(live, 'id-reports', 'reports');
    live.pass(600);
    patch(live, 'Deployment', 'orders-api');
    patch(live, 'CronJob', 'nightly-report');
    live.pass(24 * 3600);
    live.world.probes.reset();
    live.pass(3600);
    const soak = failures(live);
    cut(live);
    live.pass(24 * 3600);

    expect(soak).toEqual([['shop/Deployment/orders-api', 0, { sidecar: 180 }]]);
    expect(failures(live).map(([workload, failed]) => [workload, failed])).toEqual([
      ['shop/CronJob/nightly-report', 0],
      ['shop/Deployment/orders-api', 0],
    ]);
    expect(objectsAt(live.world.probes.report(), 'gaps')).toEqual([]);
    expect(live.list('AzureIdentity')).toEqual([]);
    const [job] = live.list('Job').slice(-1);
    expect(job).toMatchObject({ status: { succeeded: 1 } });
    expect(
      live.list('Pod', 'shop').filter((pod) => labelsOf(pod)['app'] === 'orders-api'),
    ).toHaveLength(3);
  });

  it.each([
    [
      'the cut comes before the rollout',
      (live: LiveWorld) => {
        cut(live);
      },
    ],
    [
      'nobody trusts the account',
      (live: LiveWorld) => {
        changeCluster(live, ['securityProfile'], { workloadIdentity: { enabled: true } });
        patch(live, 'Deployment', 'orders-api');
      },
    ],
    [
      'the credential is for another account',
      (live: LiveWorld) => {
        changeCluster(live, ['securityProfile'], { workloadIdentity: { enabled: true } });
        trust(live, 'id-orders', 'reports');
        live.change('ServiceAccount', 'shop/orders', (one) =>
          withAt(
            one,
            ['metadata', 'annotations', `${wi}/client-id`],
            '7dd5a9b7-cc5c-4f11-85e0-66ff03b81600',
          ),
        );
        patch(live, 'Deployment', 'orders-api');
      },
    ],
    [
      'the identity of the account is a wrong one',
      (live: LiveWorld) => {
        changeCluster(live, ['securityProfile'], { workloadIdentity: { enabled: true } });
        trust(live, 'id-reports', 'orders');
        patch(live, 'Deployment', 'orders-api');
      },
    ],
  ])('counts it when %s', (_, mistake) => {
    const live = fixtureWorld('01-addon-simple.json', { probe: true });
    live.pass(600);
    live.world.probes.reset();

    mistake(live);
    live.pass(1800);

    const found = failures(live).find(([workload]) => workload === 'shop/Deployment/orders-api');
    expect(found?.[1]).toBeGreaterThan(60);
  });
});

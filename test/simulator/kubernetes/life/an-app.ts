import { objectAt, objectsAt, withAt } from '../../../../simulator/json';
import type { JsonObject } from '../../../../simulator/json';
import { askPod } from '../../../../simulator/kubernetes/pod-endpoints';
import type { KubeObject } from '../../../../simulator/kubernetes/resource-table';
import type { Resource } from '../../../../simulator/resource-store';
import { aCluster, aWorkload, liveWorld } from './a-world';
import type { LiveWorld, Workload } from './a-world';

export const wi = 'azure.workload.identity';
export const group =
  '/subscriptions/11111111-aaaa-4aaa-8aaa-111111111111/resourceGroups/rg-identities';
export const issuerURL = 'https://westeurope.oic.prod-aks.azure.com/t/guid/';
export const client = {
  app: 'aaaa1111-0000-4000-8000-00000000aaaa',
  other: 'bbbb2222-0000-4000-8000-00000000bbbb',
  kubelet: 'cccc3333-0000-4000-8000-00000000cccc',
};
export type Name = keyof typeof client;
export const idOf = (name: Name) =>
  `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;

export const identity = (name: Name): Resource => ({
  id: idOf(name),
  name,
  location: 'westeurope',
  properties: { clientId: client[name], principalId: name },
});

export const credential = (change: JsonObject = {}): Resource => ({
  id: `${idOf('app')}/federatedIdentityCredentials/one`,
  properties: {
    issuer: issuerURL,
    subject: 'system:serviceaccount:default:app',
    audiences: ['api://AzureADTokenExchange'],
    ...change,
  },
});

export const entry = (name: Name, namespace = 'default') => ({
  name,
  namespace,
  bindingSelector: 'bound',
  identity: { resourceId: idOf(name), clientId: client[name] },
});

export interface Setting {
  readonly bound?: readonly Name[];
  readonly addOn?: boolean;
  readonly exceptions?: readonly JsonObject[];
  readonly credentials?: readonly Resource[];
  readonly identities?: readonly Name[];
  /** What the app is. */
  readonly app?: JsonObject;
  readonly behaviour?: JsonObject;
}

/** A cluster with both ways to an identity, and an account that is annotated for `app`. */
export function aLive(setting: Setting = {}): LiveWorld {
  const { bound = ['app'], addOn = true, identities = ['app', 'other', 'kubelet'] } = setting;
  const podIdentityProfile = {
    enabled: addOn,
    userAssignedIdentities: bound.map((name) => entry(name)),
    userAssignedIdentityExceptions: setting.exceptions ?? [],
  };
  const resources = aCluster('1.33.2', {
    oidcIssuerProfile: { enabled: true, issuerURL },
    securityProfile: { workloadIdentity: { enabled: true } },
    ...(addOn && { podIdentityProfile }),
  }).map((one) =>
    one.id.includes('virtualMachineScaleSets')
      ? withAt(one, ['identity'], {
          type: 'UserAssigned',
          userAssignedIdentities: { [idOf('kubelet')]: { clientId: client.kubelet } },
        })
      : one,
  );
  const given = [
    ...resources,
    ...identities.map(identity),
    ...(setting.credentials ?? [credential()]),
  ];
  const apps = setting.app === undefined ? {} : { 'default/Deployment/web': setting.app };
  const live = liveWorld({
    resources: given,
    behaviour: { probe: true, apps, ...setting.behaviour },
  });
  const annotations = { [`${wi}/client-id`]: client.app };
  live.put('ServiceAccount', {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount' },
    metadata: { name: 'app', namespace: 'default', annotations },
  });
  return live;
}

export const use = { [`${wi}/use`]: 'true' };
export const proxied = { [`${wi}/inject-proxy-sidecar`]: 'true' };
export const label = { aadpodidbinding: 'bound' };

export function run(
  live: LiveWorld,
  { pod, ...workload }: Partial<Workload>,
): JsonObject | undefined {
  const spec = { serviceAccountName: 'app', ...pod };
  live.put('Deployment', aWorkload({ kind: 'Deployment', pod: spec, ...workload }));
  live.pass(30);
  live.world.probes.reset();
  live.pass(60);
  return found(live);
}

export const found = (live: LiveWorld): JsonObject | undefined =>
  objectsAt(live.world.probes.report(), 'workloads').find(
    (one) => one['workload'] === 'default/Deployment/web',
  );

export const ok = (path: string) => ({ asked: 1, failed: 0, byPath: { [path]: 1 } });
export const bad = (path: string, error: RegExp) => ({
  ...{ asked: 1, failed: 1, byPath: { [path]: 1 } },
  lastError: like(error),
});
export const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

export function metrics(live: LiveWorld, nmi: KubeObject | undefined): string {
  const cluster = live.world.resources.get(live.id);
  if (cluster === undefined || nmi === undefined) throw new Error('nothing to ask');
  const request = { method: 'GET', port: '9090', path: '/metrics', query: new URLSearchParams() };
  return askPod(request, { cluster, world: live.world, pod: nmi })?.text ?? '';
}

export function place(live: LiveWorld, pod: KubeObject | undefined) {
  const { name, namespace } = objectAt(pod, 'metadata');
  return { cluster: live.id, namespace: namespace as string, name: name as string };
}

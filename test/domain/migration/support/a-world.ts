import type { MigrationPlan, WorkloadMigration } from '../../../../domain/migration/document';
import { MigrationOptions } from '../../../../domain/migration/options';
import { planMigration } from '../../../../domain/migration/plan';
import type { Json, MigrationSnapshot } from '../../../../domain/migration/snapshot';

/** What is special about a cluster with one workload on one pod identity; the rest is as usual. */
export interface World {
  readonly cluster?: Json;
  readonly properties?: Json;
  readonly version?: string;
  readonly kind?: string;
  readonly metadata?: Json;
  readonly spec?: Json;
  readonly labels?: Json;
  readonly annotations?: Json;
  readonly pod?: Json;
  readonly container?: Json;
  readonly accountName?: string;
  readonly account?: Json;
  readonly namespace?: string;
  readonly namespaceMetadata?: Json;
  readonly azureIdentity?: Json;
  /** The managed identity as Azure has it; null where there is none. */
  readonly identity?: Json | null;
  readonly credentials?: readonly Json[];
  /** A second identity behind the same selector. */
  readonly second?: boolean;
  readonly objects?: readonly Json[];
  readonly podLogs?: Readonly<Record<string, string>>;
  readonly options?: Json;
  readonly fleet?: Partial<MigrationSnapshot['fleet']>;
}

export const subscription = '11111111-aaaa-4aaa-8aaa-111111111111';
export const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const group = `/subscriptions/${subscription}/resourceGroups`;
export const clusterId = `${group}/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks`;
export const nodeGroup = `${group}/mc-aks`;
export const kubeletId = identityId('kubelet', nodeGroup);
export const principal = 'aaaaaaaa-0000-4000-8000-000000000001';
export const kubeletPrincipal = 'aaaaaaaa-0000-4000-8000-000000000002';
export const issuer = issuerOf(1);
export const subject = 'system:serviceaccount:shop:app';
export const audience = 'api://AzureADTokenExchange';
export const clientId = clientIdOf('app');
export const otherClientId = clientIdOf('other');

export function issuerOf(number: number): string {
  return `https://westeurope.oic.prod-aks.azure.com/${tenant}/00000000-0000-4000-8000-00000000000${number}/`;
}

export function identityId(name: string, where = `${group}/rg-ids`): string {
  return `${where}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
}

export function clientIdOf(name: string): string {
  const digits = Buffer.from(name).toString('hex');
  return `c0c0c0c0-0000-4000-8000-${digits.slice(0, 12).padStart(12, '0')}`;
}

export function credential(
  name: string,
  trust: { readonly issuer?: string; readonly subject?: string; readonly audiences?: unknown } = {},
): Json {
  return { name, properties: { issuer, subject, audiences: [audience], ...trust } };
}

export function managedIdentity(name: string, changes: Json = {}): Json & { readonly id: string } {
  const properties = {
    tenantId: tenant,
    principalId: `p-${name}`,
    clientId: clientIdOf(name),
    ...(changes['properties'] as Json | undefined),
  };
  return {
    id: identityId(name),
    name,
    location: 'westeurope',
    federatedIdentityCredentials: [],
    ...changes,
    properties,
  };
}

/** @param type API version and kind, such as `v1 Pod`. */
export function object(type: string, name: string, rest: Json = {}): Json {
  const [apiVersion, kind] = type.split(' ');
  const metadata = { name, namespace: 'shop', ...(rest['metadata'] as Json | undefined) };
  return { apiVersion, kind, ...rest, metadata };
}

export function azureIdentity(name: string, spec: Json = {}, metadata: Json = {}): Json {
  return object('aadpodidentity.k8s.io/v1 AzureIdentity', `${name}-id`, {
    metadata,
    spec: { type: 0, resourceID: identityId(name), clientID: clientIdOf(name), ...spec },
  });
}

export function binding(name: string, selector = 'app-id', metadata: Json = {}): Json {
  return object('aadpodidentity.k8s.io/v1 AzureIdentityBinding', `${name}-id-binding`, {
    metadata,
    spec: { azureIdentity: `${name}-id`, selector },
  });
}

const versions: Readonly<Record<string, string>> = {
  CronJob: 'batch/v1',
  Job: 'batch/v1',
  Pod: 'v1',
  ReplicationController: 'v1',
};

/** Something that makes pods of a template; a Pod is its own. */
export function maker(kind: string, name: string, world: World = {}): Json {
  const { labels, annotations, pod, container, accountName = 'app', metadata, spec } = world;
  const template = {
    metadata: { labels: { app: name, aadpodidbinding: 'app-id', ...labels }, annotations },
    spec: {
      serviceAccountName: accountName,
      containers: [{ name: 'main', image: 'registry.example/app:1', ...container }],
      ...pod,
    },
  };
  const about = { namespace: world.namespace ?? 'shop', ...metadata };
  const apiVersion = versions[kind] ?? 'apps/v1';
  if (kind === 'Pod') {
    const both = { ...template.metadata, ...about };
    return object(`${apiVersion} ${kind}`, name, { metadata: both, spec: template.spec });
  }
  const made =
    kind === 'CronJob'
      ? { jobTemplate: { spec: { template } } }
      : { replicas: 3, selector: { matchLabels: { app: name } }, template };
  return object(`${apiVersion} ${kind}`, name, { metadata: about, spec: { ...made, ...spec } });
}

export function nmi(
  labels: Json = {},
  args: readonly string[] = [],
  image = 'mcr.microsoft.com/oss/azure/aad-pod-identity/nmi:v1.8.17',
): Json {
  return object('apps/v1 DaemonSet', 'nmi', {
    metadata: { namespace: 'kube-system' },
    spec: {
      template: {
        metadata: { labels: { app: 'nmi', ...labels } },
        spec: { hostNetwork: true, containers: [{ name: 'nmi', image, args }] },
      },
    },
  });
}

export const open: Json = { podIdentityProfile: null };

function addonEntry(name: string): Json {
  return {
    name: `${name}-id`,
    namespace: 'shop',
    bindingSelector: 'app-id',
    identity: { resourceId: identityId(name), clientId: clientIdOf(name), objectId: `p-${name}` },
    provisioningState: 'Assigned',
  };
}

export function armCluster(world: World = {}): Json {
  return {
    id: clusterId,
    name: 'aks',
    identity: { type: 'SystemAssigned', principalId: principal },
    ...world.cluster,
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      kubernetesVersion: '1.33.2',
      nodeResourceGroup: 'mc-aks',
      servicePrincipalProfile: { clientId: 'msi' },
      networkProfile: { networkPlugin: 'azure' },
      oidcIssuerProfile: { enabled: true, issuerURL: issuer },
      securityProfile: { workloadIdentity: { enabled: true } },
      podIdentityProfile: {
        enabled: true,
        userAssignedIdentities: ['app', ...(world.second ? ['other'] : [])].map(addonEntry),
      },
      identityProfile: {
        kubeletidentity: { resourceId: kubeletId, clientId: 'k', objectId: kubeletPrincipal },
      },
      ...world.properties,
    },
  };
}

export function snapshotOf(world: World = {}): MigrationSnapshot {
  return {
    fleet: {
      subscriptions: [
        { subscriptionId: subscription, features: { EnablePodIdentityPreview: 'Registered' } },
      ],
      clusters: [armCluster(world)],
      identities: identitiesOf(world),
      roleAssignments: [],
      vmss: [],
      ...world.fleet,
    },
    kubernetes: {
      [clusterId]: {
        serverVersion: world.version ?? 'v1.33.2',
        objects: objectsOf(world),
        ...(world.podLogs && { podLogs: world.podLogs }),
      },
    },
  };
}

function identitiesOf({ identity = {}, credentials, second = false }: World) {
  const own = { ...identity, ...(credentials && { federatedIdentityCredentials: credentials }) };
  return [
    ...(identity === null ? [] : [managedIdentity('app', own)]),
    ...(second ? [managedIdentity('other')] : []),
  ];
}

function objectsOf(world: World): readonly Json[] {
  const { namespace = 'shop', accountName = 'app', second = false } = world;
  const at = { namespace };
  const metadata = { namespace: '', ...world.namespaceMetadata };
  return [
    object('v1 Namespace', namespace, { metadata }),
    azureIdentity('app', world.azureIdentity, at),
    binding('app', 'app-id', at),
    ...(second ? [azureIdentity('other', {}, at), binding('other', 'app-id', at)] : []),
    object('v1 ServiceAccount', accountName, { metadata: at, ...world.account }),
    maker(world.kind ?? 'Deployment', 'app', world),
    ...(world.objects ?? []),
  ];
}

export function planOf(world: World = {}): MigrationPlan {
  return planMigration(snapshotOf(world), MigrationOptions.parse(world.options ?? {}));
}

export function clusterOf(plan: MigrationPlan, index = 0) {
  const cluster = plan.clusters[index];
  if (!cluster) throw new Error(`there are ${plan.clusters.length} clusters`);
  return cluster;
}

/** A workload of the first cluster. */
export function workloadOf(plan: MigrationPlan, name = 'app'): WorkloadMigration {
  const found = clusterOf(plan).workloads.find((one) => one.name === name);
  if (!found) throw new Error(`there is no workload ${name}`);
  return found;
}

/** Every code of a plan, wherever it stands. */
export function codesIn({ clusters }: MigrationPlan): readonly string[] {
  return clusters.flatMap(({ codes, workloads, otherConsumers }) => [
    ...codes,
    ...workloads.flatMap((workload) => workload.codes),
    ...otherConsumers.map(({ code }) => code),
  ]);
}

/** A workload that uses Workload ID in whole. */
export const migratedWorld: World = {
  labels: { 'azure.workload.identity/use': 'true' },
  account: {
    metadata: { namespace: 'shop', annotations: { 'azure.workload.identity/client-id': clientId } },
  },
  credentials: [credential('old')],
};

export function env(...entries: readonly Json[]): World {
  return { container: { env: entries } };
}

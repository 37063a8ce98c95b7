import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Behaviour } from '../../../../simulator/behaviour';
import { SimulatedClock } from '../../../../simulator/clock';
import { parseWorld } from '../../../../simulator/control/world-document';
import { createWorld } from '../../../../simulator/create-world';
import type { ManagedWorld } from '../../../../simulator/create-world';
import { Journal } from '../../../../simulator/journal';
import { objectsAt } from '../../../../simulator/json';
import type { JsonObject } from '../../../../simulator/json';
import { resourceOf } from '../../../../simulator/kubernetes/controllers/objects';
import type { Kind } from '../../../../simulator/kubernetes/controllers/objects';
import { loadClusters } from '../../../../simulator/kubernetes/objects/cluster-content';
import { ClusterLife } from '../../../../simulator/kubernetes/life/cluster-life';
import type { KubeObject } from '../../../../simulator/kubernetes/resource-table';
import { providers } from '../../../../simulator/providers/all';
import type { Resource } from '../../../../simulator/resource-store';

export const tenantId = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
export const start = Date.UTC(2026, 10, 24, 8);

/** A world with life in its clusters, without any server; its time moves by `pass`. */
export interface LiveWorld {
  readonly world: ManagedWorld;
  readonly life: ClusterLife;
  /** The cluster that the short functions are about. */
  readonly id: string;
  list(kind: Kind, namespace?: string): readonly KubeObject[];
  get(kind: Kind, path: string): KubeObject | undefined;
  put(kind: Kind, object: KubeObject): KubeObject;
  change(kind: Kind, path: string, change: (object: KubeObject) => KubeObject): void;
  /** Deletes as a client does: with a grace period for pods, 0 when told so. */
  remove(kind: Kind, path: string, graceSeconds?: number): void;
  pass(seconds: number): void;
  /** Everything is on disk. */
  committed(): Promise<void>;
  close(): void;
}

export interface Options {
  readonly resources?: readonly Resource[];
  readonly objects?: readonly JsonObject[];
  readonly behaviour?: JsonObject;
  readonly id?: string;
  readonly seed?: number;
  readonly folder?: string;
  /** Time of the start, in epoch milliseconds. */
  readonly from?: number;
}

export const clusterId =
  '/subscriptions/11111111-aaaa-4aaa-8aaa-111111111111/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks-life';

export function liveWorld(options: Options = {}): LiveWorld {
  const journal = new Journal(options.folder);
  const clock = new SimulatedClock({ start: options.from ?? start, speed: 1, mode: 'stepped' });
  const life = new ClusterLife();
  const world = createWorld({ journal, clock, providers, emit: () => undefined, life });
  const id = options.id ?? clusterId;
  if (!world.restore()) {
    const kubernetes = options.behaviour ?? {};
    const behaviour = Behaviour.parse({ kubernetes });
    const resources = options.resources ?? aCluster();
    world.replace({ seed: options.seed ?? 1, tenantId, behaviour, resources });
    const objects = (options.objects ?? []) as readonly KubeObject[];
    loadClusters({ [id]: { objects: [...objects], podLogs: {} } }, world);
    clock.advance(1000);
  }
  return short(world, { id, life, journal });
}

function short(
  world: ManagedWorld,
  { id, life, journal }: { id: string; life: ClusterLife; journal: Journal },
): LiveWorld {
  const address = (kind: Kind, path: string) => {
    const [namespace = '', name = ''] = path.includes('/') ? path.split('/') : ['', path];
    return { cluster: id, resource: resourceOf[kind], namespace, name };
  };
  const get = (kind: Kind, path: string) => world.objects.get(address(kind, path));
  const put = (kind: Kind, object: KubeObject) =>
    world.objects.put({ cluster: id, resource: resourceOf[kind] }, object);
  const found = (kind: Kind, path: string): KubeObject => {
    const object = get(kind, path);
    if (object === undefined) throw new Error(`There is no ${kind} ${path}.`);
    return object;
  };
  return {
    ...{ world, life, id, get, put },
    list: (kind, namespace) =>
      world.objects.list({ cluster: id, resource: resourceOf[kind], namespace }),
    change: (kind, path, change) => {
      const before = found(kind, path);
      const generation = Number(before.metadata['generation'] ?? 1) + 1;
      const after = change(before);
      put(kind, { ...after, metadata: { ...after.metadata, generation } });
    },
    remove: (kind, path, graceSeconds = 30) => {
      const object = found(kind, path);
      const held = Array.isArray(object.metadata['finalizers']);
      if ((kind !== 'Pod' || graceSeconds === 0) && !held) {
        world.objects.delete(address(kind, path));
        return;
      }
      const end = world.clock.now() + graceSeconds * 1000;
      const deletionTimestamp = new Date(end).toISOString().replace(/\.\d+Z/, 'Z');
      const deletionGracePeriodSeconds = graceSeconds;
      const metadata = { ...object.metadata, deletionTimestamp, deletionGracePeriodSeconds };
      put(kind, { ...object, metadata });
    },
    pass: (seconds) => {
      world.clock.advance(seconds * 1000);
    },
    committed: () => journal.committed(),
    close: () => {
      world.clock.close();
      journal.close();
    },
  };
}

/** A cluster with a pool of Linux nodes, one of Windows nodes, and their scale sets. */
export function aCluster(version = '1.33.2', properties: JsonObject = {}): readonly Resource[] {
  const group = 'MC_rg-aks_aks-life_westeurope';
  const pools = [
    { name: 'system', count: 3, osType: 'Linux' },
    { name: 'win', count: 2, osType: 'Windows' },
  ];
  const scaleSets = pools.map((pool) => ({
    id: `/subscriptions/11111111-aaaa-4aaa-8aaa-111111111111/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-${pool.name}-30211427-vmss`,
    name: `aks-${pool.name}-30211427-vmss`,
    tags: { 'aks-managed-poolName': pool.name },
  }));
  return [
    {
      id: clusterId,
      name: 'aks-life',
      type: 'Microsoft.ContainerService/managedClusters',
      location: 'westeurope',
      properties: {
        provisioningState: 'Succeeded',
        powerState: { code: 'Running' },
        kubernetesVersion: version,
        currentKubernetesVersion: version,
        nodeResourceGroup: group,
        agentPoolProfiles: pools,
        ...properties,
      },
    },
    ...scaleSets,
  ];
}

export interface Workload {
  readonly kind: Kind;
  readonly name?: string;
  readonly namespace?: string;
  readonly spec?: JsonObject;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  readonly pod?: JsonObject;
  readonly image?: string;
}

/** An object that makes pods. */
export function aWorkload(workload: Workload): KubeObject {
  const { kind, name = 'web', namespace = 'default' } = workload;
  const template = templateOf(name, workload);
  const spec = kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template };
  return {
    apiVersion: kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: {
      ...{ name, namespace, generation: 1, uid: `${kind}-${namespace}-${name}` },
      creationTimestamp: '2026-11-24T08:00:00Z',
    },
    spec: { selector: { matchLabels: { app: name } }, ...spec, ...workload.spec },
  };
}

function templateOf(
  name: string,
  { labels, annotations, pod, image = 'registry.contoso.example/web:1' }: Workload,
): JsonObject {
  return {
    metadata: { labels: { app: name, ...labels }, ...(annotations && { annotations }) },
    spec: { containers: [{ name: 'main', image }], ...pod },
  };
}

const folder = join(__dirname, '../../../data/pod-identity');
export const fixtures = readdirSync(folder).sort();

/** The world of a migration fixture: all its resources, and the objects of its first cluster. */
export function fixtureWorld(name: string, behaviour: JsonObject = {}, seed = 1): LiveWorld {
  const { given } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { given: JsonObject };
  const kubernetes = given['kubernetes'] as JsonObject;
  const [id = ''] = Object.keys(kubernetes);
  const resources = parseWorld(given, tenantId);
  const objects = objectsAt(kubernetes[id], 'objects');
  return liveWorld({ id, resources, objects, behaviour, seed });
}

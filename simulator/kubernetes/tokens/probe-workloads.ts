import { objectAt, objectsAt, textAt } from '../../json';
import { isStopped } from '../../providers/container-service/cluster';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { labelsOf, nameOf, namespaceOf, pathOf, resourceOf } from '../controllers/objects';
import { isReady } from '../controllers/pod-facts';
import { isMic, isNmi } from '../pod-identity/images';
import type { KubeObject } from '../resource-table';
import { prefix } from '../webhooks/injection';
import { appOf } from './app';
import { askForToken } from './ask-for-token';
import type { Asked } from './asked';
import { workloadOf } from './workload-of';

interface Result {
  readonly workload: string;
  readonly pod: KubeObject;
  readonly asked: Asked;
}

interface Known {
  readonly objects: number;
  readonly resources: number;
  readonly apps: unknown;
  readonly results: readonly Result[];
}

/** Lets the apps of all clusters ask for their tokens, and counts what they get. */
export class WorkloadProbe {
  private readonly known = new Map<string, Known>();

  run(world: World): void {
    for (const id of world.objects.clusters()) {
      const cluster = world.resources.get(id);
      if (cluster === undefined || isStopped(cluster)) continue;
      for (const result of this.resultsIn(cluster, world)) record(result, cluster, world);
    }
  }

  forget(): void {
    this.known.clear();
  }

  /** What was found holds until something changes, but for what only time changes. */
  private resultsIn(cluster: Cluster, world: World): readonly Result[] {
    const key = cluster.id.toLowerCase();
    const before = this.known.get(key);
    const objects = world.objects.version(key);
    const resources = world.resources.version;
    const { apps } = world.behaviour.kubernetes;
    const same =
      before?.objects === objects && before.resources === resources && before.apps === apps;
    const waits = before?.results.some(({ asked }) => asked.error?.startsWith(notYet));
    if (same && waits === false) return before.results;
    const results = probe(cluster, world);
    this.known.set(key, { objects, resources, apps, results });
    return results;
  }
}

const notYet = 'AADSTS70021:';

function probe(cluster: Cluster, world: World): readonly Result[] {
  return world.objects
    .list({ cluster: cluster.id, resource: resourceOf.Pod })
    .filter((pod) => isReady(pod) && hasIdentity(pod))
    .map((pod) => resultOf(pod, { cluster, world }));
}

function resultOf(pod: KubeObject, place: { cluster: Cluster; world: World }): Result {
  const asked = askForToken(pod, appOf(pod, place), place);
  return { workload: workloadOf(pod, place).key, pod, asked };
}

/** Lets the app of one pod ask now, out of turn; counted where apps are probed. */
export function askNow(pod: KubeObject, { cluster, world }: Omit<Written, 'time'>): Asked {
  const result = resultOf(pod, { cluster, world });
  if (world.behaviour.kubernetes.probe) record(result, cluster, world);
  return result.asked;
}

/** Whether a pod is meant to have an identity. */
export function hasIdentity(pod: KubeObject): boolean {
  const labels = labelsOf(pod);
  const bound = textAt(labels, 'aadpodidbinding') ?? '';
  if (bound === '' && labels[`${prefix}/use`] !== 'true') return false;
  return !isNmi(pod) && !isMic(pod);
}

function record({ workload, pod, asked }: Result, cluster: Cluster, world: World): void {
  world.probes.count(cluster.id, workload, { path: asked.path, error: asked.error });
  const time = world.clock.now();
  if (asked.nmi !== undefined) writeNmi(pod, asked.nmi, { cluster, world, time });
  if (asked.path === 'sidecar') writeProxy(pod, asked, { cluster, world, time });
}

interface Written {
  readonly cluster: Cluster;
  readonly world: World;
  readonly time: number;
}

const tokenPath = '/metadata/identity/oauth2/token';
const resource = 'https://management.azure.com/';

function writeNmi(
  pod: KubeObject,
  { nmi, status, match }: NonNullable<Asked['nmi']>,
  { cluster, world, time }: Written,
): void {
  const [namespace = '', name = ''] = nmi.split('/');
  const address = textAt(pod, 'status', 'podIP') ?? '';
  const after = 10 + world.seed.between(0, 400, 'nmi', pathOf(pod));
  const took = 520_000_000 + world.seed.between(0, 99_999_999, 'took', pathOf(pod));
  const lines = [
    ...(match === undefined ? [] : [{ after, text: `managed.go:55] ${match}` }]),
    {
      after: after + 537,
      text: `server.go:246] status (${status}) took ${took} ns for req.method=GET reg.path=${tokenPath} req.remote=${address}`,
    },
  ];
  const counter = `namespace="${namespaceOf(pod)}",operation_type="${tokenPath}",resource="${resource}",status_code="${status}"`;
  const writer = world.objects.get({
    cluster: cluster.id,
    resource: resourceOf.Pod,
    namespace,
    name,
  });
  const [container] = objectsAt(writer, 'spec', 'containers');
  world.tokenLog.add(
    { cluster: cluster.id, namespace, name },
    { time, container: textAt(container, 'name') ?? '', lines },
    counter,
  );
}

function writeProxy(pod: KubeObject, asked: Asked, { cluster, world, time }: Written): void {
  const address = textAt(pod, 'status', 'podIP') ?? '';
  const clientId = asked.clientId ?? '';
  const received = `proxy.go:118] "received token request" logger="proxy" method="GET" uri="${tokenPath}?api-version=2018-02-01&resource=${resource}" remoteAddr="${address}" clientID="${clientId}"`;
  const end =
    asked.error === undefined
      ? `proxy.go:136] "successfully acquired token" logger="proxy"`
      : `proxy.go:130] "failed to acquire token" err="${asked.error}" logger="proxy"`;
  const lines = [received, end].map((text, index) => ({ after: 20 + index * 310, text }));
  const place = { cluster: cluster.id, namespace: namespaceOf(pod), name: nameOf(pod) };
  world.tokenLog.add(place, { time, container: 'azwi-proxy', lines });
}

/** How many pods of the deployments and stateful sets of a cluster are ready. */
export function noteReadyPods(cluster: Cluster, world: World): void {
  const now = world.clock.now();
  for (const kind of ['Deployment', 'StatefulSet'] as const) {
    for (const object of world.objects.list({ cluster: cluster.id, resource: resourceOf[kind] })) {
      const workload = `${namespaceOf(object)}/${kind}/${nameOf(object)}`;
      const wanted = objectAt(object, 'spec')['replicas'] ?? 1;
      const ready = Number(objectAt(object, 'status')['readyReplicas'] ?? 0);
      if (wanted === 0) world.probes.forgetReady(cluster.id, workload);
      else world.probes.noteReady(cluster.id, workload, { ready, now });
    }
  }
}

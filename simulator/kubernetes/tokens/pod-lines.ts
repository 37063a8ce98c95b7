import { at, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { resourceOf, timeAt } from '../controllers/objects';
import { isReady } from '../controllers/pod-facts';
import { isNmi } from '../pod-identity/images';
import { metadataOn } from '../pod-identity/redirect';
import type { KubeObject } from '../resource-table';
import { appOf } from './app';
import { askForToken, timedOut } from './ask-for-token';
import type { PodName } from './token-log';

export interface WrittenLine extends JsonObject {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly text: string;
  readonly container: string;
}

/** What pods write by themselves, whoever reads it: NMI and proxies of token requests, demo and probe of what they see. */
export function writtenLines(pod: PodName, world: World, since = 0): readonly WrittenLine[] {
  const regular = world.tokenLog
    .linesOf(pod, since)
    .map((line) => ({ ...line, text: withTime(line.time, line.text) }));
  const cluster = world.resources.get(pod.cluster);
  const { namespace, name } = pod;
  const resource = resourceOf.Pod;
  const object = world.objects.get({ cluster: pod.cluster, resource, namespace, name });
  if (cluster === undefined || object === undefined) return regular;
  return [...regular, ...ownLines(object, { cluster, world }).filter(({ time }) => time >= since)];
}

interface Place {
  readonly cluster: Cluster;
  readonly world: World;
}

const demo = /aad-pod-identity\/demo[:@]/;

function ownLines(pod: KubeObject, place: Place): readonly WrittenLine[] {
  const container = objectsAt(pod, 'spec', 'containers').find(({ image }) =>
    typeof image === 'string' ? demo.test(image) : false,
  );
  if (container === undefined || !isReady(pod)) return [];
  const time = timeAt(pod, 'status', 'startTime');
  const name = textAt(container, 'name') ?? '';
  return demoLines(pod, place).map((text) => ({ time, text, container: name }));
}

const endpoint = 'msiEndpoint(http://169.254.169.254/metadata/identity/oauth2/token)';

/** The demo of AAD Pod Identity: what it says once it gets a token. */
function demoLines(pod: KubeObject, place: Place): readonly string[] {
  const asked = askForToken(pod, appOf(pod, place), place);
  if (asked.error !== undefined) {
    return [
      `failed to acquire a token using the MSI, ${endpoint}, error: ${asked.error}`,
      `failed to acquire a token, userAssignedID MSI, ${endpoint}, error: ${asked.error}`,
    ];
  }
  return [
    'successfully doARMOperations vm count 0',
    `successfully acquired a token using the MSI, ${endpoint}`,
    `successfully acquired a token, userAssignedID MSI, ${endpoint} clientID(${asked.clientId ?? ''})`,
    'successfully made GET on instance metadata',
  ];
}

/** A pod that looks what the metadata endpoint answers, and writes it down. */
export function isProbe(pod: KubeObject): boolean {
  return objectsAt(pod, 'spec', 'containers').some((container) =>
    (textAt(container, 'image') ?? '').includes('steward-probe'),
  );
}

/** Lets a probe write what it sees, once, when it has started. */
export function writeProbe(pod: KubeObject, place: Place): void {
  const container = textAt(objectsAt(pod, 'spec', 'containers')[0], 'name') ?? '';
  const namespace = textAt(pod.metadata, 'namespace') ?? '';
  const name = textAt(pod.metadata, 'name') ?? '';
  const lines = [{ after: 0, text: metadataAnswer(pod, place) }];
  const time = place.world.clock.now();
  place.world.tokenLog.add(
    { cluster: place.cluster.id, namespace, name },
    { time, container, lines },
  );
}

const instance = 'http://169.254.169.254/metadata/instance?api-version=2021-02-01';

/** What a request for the instance metadata gives in a pod: it passes NMI, but ends where a stale redirect leads. */
export function metadataAnswer(pod: KubeObject, { cluster, world }: Place): string {
  const node = textAt(pod, 'spec', 'nodeName') ?? '';
  const onHost = at(pod, 'spec', 'hostNetwork') === true;
  const dead = !onHost && metadataOn(node, cluster, world).kind === 'dead';
  return dead ? `GET ${instance} failed: ${timedOut}` : `GET ${instance} 200`;
}

/** Lines that name a source file begin with their time. */
function withTime(time: number, text: string): string {
  return /^\w+\.go:\d+\]/.test(text) ? `I${klogTime(time)}       1 ${text}` : text;
}

function klogTime(time: number): string {
  const text = new Date(time).toISOString();
  return `${text.slice(5, 7)}${text.slice(8, 10)} ${text.slice(11, 23)}000`;
}

/** Port 9090 of NMI: how many token requests it has answered since it began. */
export function nmiMetrics(
  { port, path }: { readonly port: string | undefined; readonly path: string },
  { cluster, world, pod }: Place & { readonly pod: KubeObject },
): { status: number; text: string; contentType: string } | undefined {
  if (!isNmi(pod) || port !== '9090' || path !== '/metrics') return undefined;
  const namespace = textAt(pod.metadata, 'namespace') ?? '';
  const name = textAt(pod.metadata, 'name') ?? '';
  const counters = world.tokenLog.countersOf({ cluster: cluster.id, namespace, name });
  const metric = 'aadpodidentity_nmi_operations_duration_seconds';
  const lines = Object.entries(counters).flatMap(([labels, count]) => [
    `${metric}_bucket{${labels},le="0.5"} 0`,
    `${metric}_bucket{${labels},le="1"} ${count}`,
    `${metric}_bucket{${labels},le="+Inf"} ${count}`,
    `${metric}_sum{${labels}} ${(count * 0.54).toFixed(3)}`,
    `${metric}_count{${labels}} ${count}`,
  ]);
  const head = [
    `# HELP ${metric} Latency in seconds of nmi operations`,
    `# TYPE ${metric} histogram`,
  ];
  return { status: 200, text: `${[...head, ...lines].join('\n')}\n`, contentType: metricsType };
}

const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

import type { KubeApi } from '../../../clients/kubernetes/kube-api';
import { AnswerTooLarge } from '../../../clients/kubernetes/transport';
import { keptConfigMap, wantedConfigMaps } from '../../../domain/migration/config-maps';
import { keptObject, nmiContainer } from '../../../domain/migration/kept-objects';
import type { Json } from '../../../domain/migration/snapshot';
import { keptLog } from '../../../domain/migration/survey';
import type { KubernetesList } from '../../../domain/migration/survey';
import { objectIn } from '../../../domain/migration/json';
import { FailureError, TransientError } from '../../../domain/outcome';

/** `v1.33.2`. */
export async function serverVersion(api: KubeApi): Promise<string> {
  const { gitVersion } = (await api.get('/version')) ?? {};
  return typeof gitVersion === 'string' ? gitVersion : '';
}

/** @throws FailureError when the API server does not know a resource that every one has. */
export async function readList(
  api: KubeApi,
  { path, optional = false }: Pick<KubernetesList, 'path'> & { readonly optional?: boolean },
): Promise<readonly Json[]> {
  const found = await api.list(path, { keep: keptObject });
  if (found === undefined && !optional) {
    throw new FailureError({
      code: 'Unsupported',
      message: `The API server does not know ${path}.`,
      next: 'Upgrade the cluster: Steward reads clusters of Kubernetes 1.23 and later.',
    });
  }
  return found ?? [];
}

/** Only those that workloads with a pod identity name, and of those only what is meant for the Azure SDKs. */
export async function readConfigMaps(
  api: KubeApi,
  objects: readonly Json[],
): Promise<readonly Json[]> {
  const found: Json[] = [];
  for (const wanted of wantedConfigMaps(objects)) {
    const { namespace, name } = wanted;
    const configMap = await api.get(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
    if (configMap) found.push(keptConfigMap(configMap, wanted));
  }
  return found;
}

export interface NmiLogs {
  /** By `namespace/pod`. */
  readonly logs: Readonly<Record<string, string>>;
  /** Pods whose log could not be read. */
  readonly unread: readonly string[];
}

const daySeconds = 86_400;
const mostLines = 20_000;
const mostOfOnePod = 1024 * 1024;
const mostInAll = 16 * 1024 * 1024;

/**
 * What NMI pods logged about tokens in the last day, or for as long as is asked of each (`namespace/pod`), the newest of it. It is evidence, not needed for a plan: a log that
 * cannot be read is noted and passed over.
 */
export async function readNmiLogs(
  api: KubeApi,
  pods: readonly Json[],
  secondsOf: (pod: string) => number = () => daySeconds,
): Promise<NmiLogs> {
  const logs: Record<string, string> = {};
  const unread: string[] = [];
  let left = mostInAll;
  for (const pod of pods) {
    const container = nmiContainer(pod);
    if (container === undefined) continue;
    const { namespace, name } = objectIn(pod['metadata']);
    const key = `${String(namespace)}/${String(name)}`;
    const path = `/api/v1/namespaces/${String(namespace)}/pods/${String(name)}/log?container=${container}&sinceSeconds=${secondsOf(key)}`;
    const log = left > 0 ? await logIfPossible(api, path) : undefined;
    if (log === undefined) {
      unread.push(key);
      continue;
    }
    const kept = keptLog(log, Math.min(mostOfOnePod, left));
    left -= kept.length;
    logs[key] = kept;
  }
  return { logs, unread };
}

/** The newest lines, as many as can be had; nothing when the node, the pod or the right is missing. */
async function logIfPossible(api: KubeApi, path: string): Promise<string | undefined> {
  for (let lines = mostLines; lines > 0; lines = Math.floor(lines / 4)) {
    try {
      return await api.text(`${path}&tailLines=${lines}`);
    } catch (error) {
      if (error instanceof AnswerTooLarge) continue;
      if (error instanceof FailureError || error instanceof TransientError) return undefined;
      throw error;
    }
  }
  return undefined;
}

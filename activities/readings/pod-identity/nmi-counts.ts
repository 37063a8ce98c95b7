import type { KubeApi } from '../../../clients/kubernetes/kube-api';
import { AnswerTooLarge } from '../../../clients/kubernetes/transport';
import { objectIn } from '../../../domain/migration/json';
import { nmiContainer } from '../../../domain/migration/kept-objects';
import { readNmiMetrics } from '../../../domain/migration/nmi-silence';
import type { NmiReading } from '../../../domain/migration/nmi-silence';
import type { Json } from '../../../domain/migration/snapshot';
import { FailureError, TransientError } from '../../../domain/outcome';

const metricsPort = 9090;

/**
 * What the NMI pods among these have counted so far, each asked through the API server. A pod that does not answer is
 * left out: held against an earlier reading that is a gap, and never silence.
 */
export async function readNmiCounts(api: KubeApi, pods: readonly Json[]): Promise<NmiReading> {
  const counts: NmiReading[] = [];
  for (const pod of pods.filter((one) => nmiContainer(one) !== undefined)) {
    const { namespace, name } = objectIn(pod['metadata']);
    const path = `/api/v1/namespaces/${String(namespace)}/pods/${String(name)}:${metricsPort}/proxy/metrics`;
    const text = await textIfPossible(api, path);
    if (text !== undefined)
      counts.push({ [`${String(namespace)}/${String(name)}`]: readNmiMetrics(text) });
  }
  return Object.assign({}, ...counts) as NmiReading;
}

async function textIfPossible(api: KubeApi, path: string): Promise<string | undefined> {
  try {
    return await api.text(path);
  } catch (error) {
    const passes = [AnswerTooLarge, FailureError, TransientError].some(
      (one) => error instanceof one,
    );
    if (passes) return undefined;
    throw error;
  }
}

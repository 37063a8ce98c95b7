import type { KubeApi } from '../../clients/kubernetes/kube-api';
import type { Records } from '../../clients/records/records';
import { clusterKey } from '../../domain/ids';
import type { ClusterId } from '../../domain/ids';
import { objectAt, textIn } from '../../domain/migration/json';
import { doubtsOf, heardAfter } from '../../domain/migration/nmi-heard';
import type { NmiHeard } from '../../domain/migration/nmi-heard';
import { loggedRequests } from '../../domain/migration/nmi-log';
import type { LoggedRequest } from '../../domain/migration/nmi-log';
import { podsPath } from '../../domain/migration/paths';
import type { Json } from '../../domain/migration/snapshot';
import { readNmiLogs } from '../readings/pod-identity/content';
import { readNmiCounts } from '../readings/pod-identity/nmi-counts';

/** Who has asked the NMI pods of a cluster for tokens. */
export interface NmiRequests {
  readonly logged: readonly LoggedRequest[];
  /** NMI pods of which neither log nor metric says whether the namespace asked them. */
  readonly doubtsOf: (namespace: string) => number;
}

export interface NmiQuestion {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  /** ISO time of the last look. */
  readonly since: string;
  /** ISO time. */
  readonly asOf: string;
}

/** Clocks of nodes and Steward's differ a little. */
const toleranceSeconds = 300;

/**
 * What the NMI pods of a cluster were asked since the last look, by their logs, and by their metrics where a log cannot be
 * read; nothing where there is no NMI any more. Writes down what is known of each.
 */
export async function nmiRequests(
  kube: KubeApi,
  records: Records,
  question: NmiQuestion,
): Promise<NmiRequests> {
  const pods = await podsBesideNmi(kube);
  if (pods === undefined) return { logged: [], doubtsOf: () => 0 };
  const { asOf } = question;
  const id = `${question.migrationId}~${clusterKey(question.clusterId)}`;
  const last = (await records.get('nmiHeard', id))?.value;
  // A look that is repeated, since the process ended in it, is held against what the first one was.
  const before = last?.at === asOf ? last.before : last?.heard;
  const { logged, read, unread } = await readLogs(kube, pods, { question, before });
  const heard = heardAfter(before, {
    ...{ at: asOf, read, unread },
    counts: await readNmiCounts(kube, pods),
  });
  const since = last?.since ?? asOf;
  await records.put('nmiHeard', id, { id, since, at: asOf, heard, ...(before && { before }) });
  const hours = await soakHoursOf(records, question);
  return {
    logged,
    doubtsOf: (namespace) => doubtsOf(namespace, heard, { now: asOf, hours }).length,
  };
}

/** Each log from where it was last read to. */
async function readLogs(
  kube: KubeApi,
  pods: readonly Json[],
  { question, before }: { readonly question: NmiQuestion; readonly before: NmiHeard | undefined },
) {
  const { since, asOf } = question;
  const startOf = (pod: string): number => {
    const [from = since] = [since, before?.[pod]?.at ?? since].sort();
    return Date.parse(from) - toleranceSeconds * 1000;
  };
  const secondsOf = (pod: string): number => Math.ceil((Date.parse(asOf) - startOf(pod)) / 1000);
  const { logs, unread } = await readNmiLogs(kube, pods, secondsOf);
  const logged = Object.entries(logs).flatMap(([pod, log]) =>
    loggedRequests(log, { since: new Date(startOf(pod)).toISOString(), until: asOf }),
  );
  return { logged, read: Object.keys(logs), unread };
}

/** For as long as a soak NMI has to be silent where only its metric tells. */
async function soakHoursOf(records: Records, { migrationId }: NmiQuestion): Promise<number> {
  return (await records.get('migration', migrationId))?.value.options.soakHours ?? 24;
}

/** Pods of the namespace that NMI runs in; undefined for a cluster without it. */
async function podsBesideNmi(kube: KubeApi): Promise<readonly Json[] | undefined> {
  const sets = (await kube.list('/apis/apps/v1/daemonsets')) ?? [];
  const nmi = sets.find((one) =>
    /aad-pod-identity\/nmi[:@]/.test(JSON.stringify(objectAt(one, 'spec', 'template', 'spec'))),
  );
  if (!nmi) return undefined;
  return (await kube.list(podsPath(textIn(objectAt(nmi, 'metadata')['namespace'])))) ?? [];
}

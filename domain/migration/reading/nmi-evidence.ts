import type { KubernetesObject } from './kubernetes-objects';
import { namespacedName } from './kubernetes-objects';
import { grouped, sameText } from './values';
import { isOnHostNetwork, podStatus } from './workloads';
import { podTemplate } from './pod-template';

/** What NMI logged about the requests of one pod. */
export interface PodRequests {
  /** Requests that named an identity by its client id: `namespace/name`, and the id as far as it is logged. */
  readonly named: readonly NamedRequest[];
  /** Requests that named none. */
  readonly unnamed: number;
  /** Tokens given to the pod's address. */
  readonly tokens: number;
}

export interface NamedRequest {
  readonly identity: string;
  readonly clientId: string;
}

export type Evidence = ReadonlyMap<string, PodRequests>;

const matched = /(\S+\/\S+) has been matched with azure identity (\S+\/\S+)/;
const withClientId = /clientID in request: (.+?), \S+\/\S+ has been matched/;
const withNothing = 'no clientID or resourceID in request';
const token =
  /status \(200\) took .*re[gq]\.path=\/metadata\/identity\/oauth2\/token\/?(?:\?\S*)?\s+req\.remote=(\S+)/;

/**
 * Requests by pod (`namespace/name`), from logs of NMI. A request by resource id logs no line of its own:
 * it shows as a token more than there are matches.
 */
export function readEvidence(
  logs: Readonly<Record<string, unknown>>,
  pods: readonly KubernetesObject[],
): Evidence {
  const owners = addressOwners(pods);
  const events = Object.values(logs)
    .flatMap((log) => (typeof log === 'string' ? log.split('\n') : []))
    .flatMap((line) => readLine(line, owners) ?? []);
  return new Map(
    [...grouped(events, ({ pod }) => pod)].map(([pod, ofPod]) => [
      pod,
      {
        named: ofPod.flatMap(({ named }) => named ?? []),
        unnamed: ofPod.filter(({ is }) => is === 'unnamed').length,
        tokens: ofPod.filter(({ is }) => is === 'token').length,
      },
    ]),
  );
}

interface LoggedEvent {
  readonly pod: string;
  readonly is: 'named' | 'unnamed' | 'token';
  readonly named?: NamedRequest;
}

function readLine(line: string, owners: ReadonlyMap<string, string>): LoggedEvent | undefined {
  const owner = owners.get(token.exec(line)?.[1] ?? '');
  if (owner !== undefined) return { pod: owner, is: 'token' };
  const [, pod, identity] = matched.exec(line) ?? [];
  if (pod === undefined || identity === undefined) return undefined;
  const [, clientId] = withClientId.exec(line) ?? [];
  if (clientId !== undefined) return { pod, is: 'named', named: { identity, clientId } };
  return line.includes(withNothing) ? { pod, is: 'unnamed' } : undefined;
}

/** Pods by address. One on the host network has its node's; one that has ended may have passed its on. */
function addressOwners(pods: readonly KubernetesObject[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const own = pods.filter((pod) => !isOnHostNetwork(podTemplate(pod)));
  const ended = own.filter((pod) => !podStatus(pod).running);
  const running = own.filter((pod) => podStatus(pod).running);
  for (const pod of [...ended, ...running]) {
    for (const address of podStatus(pod).addresses) owners.set(address, namespacedName(pod));
  }
  return owners;
}

/** The requests of several pods together. */
export function requestsOf(evidence: Evidence, pods: readonly KubernetesObject[]): PodRequests {
  const all = pods.flatMap((pod) => evidence.get(namespacedName(pod)) ?? []);
  return {
    named: all.flatMap(({ named }) => named),
    unnamed: all.reduce((sum, { unnamed }) => sum + unnamed, 0),
    tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}

/** Whether some pod got more tokens than it was matched for: it asked by resource id. */
export function asksByResourceId(evidence: Evidence, pods: readonly KubernetesObject[]): boolean {
  return pods.some((pod) => {
    const { named, unnamed, tokens } = requestsOf(evidence, [pod]);
    return tokens > named.length + unnamed;
  });
}

/** Client ids are logged with their first and last four characters. */
export function isLoggedAs(logged: string, clientId: string): boolean {
  if (sameText(logged, clientId)) return true;
  const [, first = '', last = ''] = /^(\w{4})#+ REDACTED #+([\w-]{4})$/.exec(logged) ?? [];
  const id = clientId.toLowerCase();
  return first !== '' && id.startsWith(first.toLowerCase()) && id.endsWith(last.toLowerCase());
}

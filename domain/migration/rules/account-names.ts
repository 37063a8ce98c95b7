import { clientIdAnnotation } from '../words';
import { accountOf } from '../reading/cluster-context';
import type { KubernetesState } from '../reading/kubernetes-objects';
import { sameText } from '../reading/values';

const longestName = 253;

/** An account that acts for nobody yet, or already for the wanted identity. */
export interface WantedAccount {
  readonly namespace: string;
  readonly base: string;
  readonly clientId: string;
}

/**
 * Names for accounts. One that is there counts as taken unless it acts for the same identity already; the
 * same wish gets the same name.
 */
export function accountNames(
  state: KubernetesState,
  taken: Iterable<readonly [account: string, clientId: string]>,
): (wanted: WantedAccount) => string {
  const planned = new Map(taken);
  return ({ namespace, base, clientId }) => {
    for (let number = 1; ; number += 1) {
      const name = numbered(base, number);
      const owner = planned.get(`${namespace}/${name}`);
      const free = owner === undefined ? isFree(state, { namespace, name, clientId }) : false;
      if (!free && !(owner !== undefined && sameText(owner, clientId))) continue;
      planned.set(`${namespace}/${name}`, clientId);
      return name;
    }
  };
}

function numbered(base: string, number: number): string {
  const suffix = number === 1 ? '' : `-${number}`;
  // A name must end in a letter or digit, wherever it is cut.
  return `${base.slice(0, longestName - suffix.length).replace(/[-.]+$/, '')}${suffix}`;
}

function isFree(
  state: KubernetesState,
  {
    namespace,
    name,
    clientId,
  }: { readonly namespace: string; readonly name: string; readonly clientId: string },
): boolean {
  const account = accountOf(state, namespace, name);
  return !account || sameText(account.annotations.get(clientIdAnnotation) ?? '', clientId);
}

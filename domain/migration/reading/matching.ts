import { bindingLabel } from '../words';
import { isManagedIdentityId } from './fleet';
import type { Installation } from './install-mode';
import type { Binding, PodIdentity } from './pod-identity-objects';
import type { Workload } from './workloads';

export interface PodIdentityObjects {
  readonly identities: ReadonlyMap<string, PodIdentity>;
  readonly bindings: readonly Binding[];
}

/** An identity that pods of a workload may use, with the binding that gives it to them. */
export interface Match {
  readonly identity: PodIdentity;
  readonly binding: Binding;
}

/** The identities that pod identity gives to the pods of a workload, each once, in its own order. */
export function matchesOf(
  { namespace, template }: Workload,
  { mode, namespaced }: Installation,
  { identities, bindings }: PodIdentityObjects,
): readonly Match[] {
  const selector = template.labels.get(bindingLabel) ?? '';
  const pairs = bindings
    .filter((binding) => selector !== '' && binding.selector === selector)
    .flatMap((binding) => {
      const identity = identities.get(`${binding.namespace}/${binding.identity}`);
      return identity ? [{ identity, binding }] : [];
    });
  if (mode === 'addon' || mode === 'oss-managed') {
    const own = pairs.filter(({ binding }) => binding.namespace === namespace);
    return firstOfEach(own, ({ identity }) => identity.key);
  }
  const usable = pairs.filter(
    ({ identity }) =>
      (identity.type !== 0 || isManagedIdentityId(identity.resourceId)) &&
      (identity.namespace === namespace || !(namespaced || identity.namespaced)),
  );
  // Assignments are named after the identity without its namespace, so the first of a name wins.
  return firstOfEach(usable, ({ identity }) => identity.name);
}

/** Every binding counts as used that gives one of the identities, also a second one for the same. */
export function isUsedBinding(binding: Binding, matches: readonly Match[]): boolean {
  return matches.some(
    (match) =>
      match.binding.selector === binding.selector &&
      match.identity.key === `${binding.namespace}/${binding.identity}`,
  );
}

function firstOfEach(pairs: readonly Match[], key: (match: Match) => string): readonly Match[] {
  const found = new Map<string, Match>();
  for (const pair of pairs) if (!found.has(key(pair))) found.set(key(pair), pair);
  return [...found.values()];
}

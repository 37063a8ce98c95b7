import { objectsIn, textIn } from '../json';
import type { Json } from '../snapshot';
import { allOf } from '../reading/kubernetes-objects';
import type { KubernetesObject, KubernetesState } from '../reading/kubernetes-objects';

const bindingKinds = [
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/RoleBinding',
] as const;

/**
 * Bindings that give rights to an account and not to the one that takes its place. Groups of accounts hold
 * both, so they lose nothing.
 */
export function subjectsOf(
  state: KubernetesState,
  {
    namespace,
    from,
    to,
  }: { readonly namespace: string; readonly from: string; readonly to: string },
): readonly KubernetesObject[] {
  return bindingKinds
    .flatMap((kind) => allOf(state, kind))
    .filter((binding) => {
      const subjects = objectsIn(binding.body['subjects']);
      const names = (name: string) =>
        subjects.some((subject) => isAccount(subject, { namespace, name, binding }));
      return names(from) && !names(to);
    });
}

function isAccount(
  subject: Json,
  {
    namespace,
    name,
    binding,
  }: { readonly namespace: string; readonly name: string; readonly binding: KubernetesObject },
): boolean {
  const kind = textIn(subject['kind']);
  if (kind === 'User')
    return textIn(subject['name']) === `system:serviceaccount:${namespace}:${name}`;
  const where = textIn(subject['namespace']) || binding.namespace;
  return kind === 'ServiceAccount' && textIn(subject['name']) === name && where === namespace;
}

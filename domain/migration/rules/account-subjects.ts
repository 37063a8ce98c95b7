import { objectsIn, textIn } from '../json';
import type { Json } from '../snapshot';
import { allOf } from '../reading/kubernetes-objects';
import type { KubernetesObject, KubernetesState } from '../reading/kubernetes-objects';
import { grouped } from '../reading/values';

const bindingKinds = [
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/RoleBinding',
] as const;

/** Bindings that give rights to an account, by its `namespace/name`. */
export type AccountRights = ReadonlyMap<string, readonly KubernetesObject[]>;

/** Groups of accounts are left out: whoever takes a member's place is a member, too. */
export function accountRights(state: KubernetesState): AccountRights {
  const pairs = bindingKinds
    .flatMap((kind) => allOf(state, kind))
    .flatMap((binding) => {
      const subjects = objectsIn(binding.body['subjects']);
      const accounts = new Set(subjects.flatMap((subject) => accountIn(subject, binding)));
      return [...accounts].map((account) => ({ account, binding }));
    });
  return new Map(
    [...grouped(pairs, ({ account }) => account)].map(([account, of]) => [
      account,
      of.map(({ binding }) => binding),
    ]),
  );
}

/** Bindings that give rights to an account and not to the one that takes its place. */
export function lostRights(
  rights: AccountRights,
  {
    namespace,
    from,
    to,
  }: { readonly namespace: string; readonly from: string; readonly to: string },
): readonly KubernetesObject[] {
  const kept = rights.get(`${namespace}/${to}`) ?? [];
  return (rights.get(`${namespace}/${from}`) ?? []).filter((binding) => !kept.includes(binding));
}

/** A subject that is an account, under its own name or as the user that it signs in as. */
function accountIn(subject: Json, binding: KubernetesObject): readonly string[] {
  const [kind, name] = [textIn(subject['kind']), textIn(subject['name'])];
  if (kind === 'ServiceAccount') {
    return [`${textIn(subject['namespace']) || binding.namespace}/${name}`];
  }
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  return kind === 'User' && account !== undefined ? [`${namespace}/${account}`] : [];
}

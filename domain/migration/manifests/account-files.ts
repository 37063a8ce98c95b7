import type { AccountMigration } from '../document';
import { objectsIn } from '../json';
import { accountOf } from '../reading/cluster-context';
import { keyOf } from '../reading/kubernetes-objects';
import type { KubernetesObject, KubernetesState } from '../reading/kubernetes-objects';
import { grouped } from '../reading/values';
import { accountRights, lostRights } from '../rules/account-subjects';
import { clientIdAnnotation } from '../words';
import { patch } from './manifest-file';
import type { Manifest } from './manifest-file';

/** A service account as it is to be made, or the annotation that it is to get. */
export function accountFile(
  account: AccountMigration,
  state: KubernetesState,
): readonly Manifest[] {
  const { namespace, name, action, clientId, copyFrom, imagePullSecrets = [] } = account;
  const annotations = { [clientIdAnnotation]: clientId };
  const head = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, annotations },
  };
  const about = { namespace, name, kind: 'ServiceAccount' };
  if (action === 'annotate') return [patch(about, head)];
  if (action === 'none') return [];
  const secrets = imagePullSecrets.map((secret) => ({ name: secret }));
  const body = { ...head, ...(secrets.length > 0 && { imagePullSecrets: secrets }) };
  const replaced = copyFrom !== undefined && accountOf(state, namespace, copyFrom) !== undefined;
  const notes = replaced
    ? [
        `Takes the place of ${copyFrom} for pods of one identity.`,
        `What names ${copyFrom} elsewhere does not know it: mesh policies, Vault roles, trust of other clouds.`,
      ]
    : [];
  return [{ ...about, is: 'resource', body, notes }];
}

/** An account that takes the place of another one. */
export interface Replacement {
  readonly namespace: string;
  readonly from: string;
  readonly to: string;
}

/** Bindings with the accounts that take somebody's place beside them, all of a binding in one file. */
export function subjectFiles(
  replacements: readonly Replacement[],
  state: KubernetesState,
): readonly Manifest[] {
  const rights = accountRights(state);
  const lost = replacements.flatMap((replacement) =>
    lostRights(rights, replacement).map((binding) => ({ binding, replacement })),
  );
  return [...grouped(lost, ({ binding }) => keyOf(binding)).values()].flatMap((all) => {
    const [first] = all;
    return first
      ? [
          subjectFile(
            first.binding,
            all.map(({ replacement }) => replacement),
          ),
        ]
      : [];
  });
}

function subjectFile(binding: KubernetesObject, all: readonly Replacement[]): Manifest {
  const { kind, name, namespace, body } = binding;
  const added = [...new Set(all.map((one) => `${one.namespace}/${one.to}`))].sort().map((key) => {
    const [where, account] = key.split('/');
    return { kind: 'ServiceAccount', name: account, namespace: where };
  });
  const metadata = { name, ...(namespace !== '' && { namespace }) };
  return patch(
    binding,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind,
      metadata,
      subjects: [...objectsIn(body['subjects']), ...added],
    },
    [
      'Gives the rights of an account to the one that takes its place. Steward grants no rights itself.',
      'The list of subjects is replaced as a whole.',
    ],
  );
}

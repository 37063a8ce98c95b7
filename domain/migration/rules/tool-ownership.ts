import { objectAt, objectsIn, textIn } from '../json';
import { issuesIf } from '../codes';
import type { Issue } from '../codes';
import type { KubernetesObject } from '../reading/kubernetes-objects';

const gitOpsManagers = [
  'kustomize-controller',
  'helm-controller',
  'argocd-controller',
  'argocd-application-controller',
];
const infrastructureManagers = /^(terraform|hashicorp|pulumi)/i;

/** R3: signs that a tool keeps an object and would take back, or never learn of, what somebody else changes. */
export function toolIssues(object: KubernetesObject | undefined): readonly Issue[] {
  if (!object) return [];
  const { labels, annotations } = object;
  const managers = objectsIn(objectAt(object.body, 'metadata')['managedFields']).map(
    ({ manager }) => textIn(manager),
  );
  return issuesIf({
    GITOPS_MANAGED:
      labels.has('kustomize.toolkit.fluxcd.io/name') ||
      labels.has('helm.toolkit.fluxcd.io/name') ||
      labels.has('argocd.argoproj.io/instance') ||
      annotations.has('argocd.argoproj.io/tracking-id') ||
      labels.get('addonmanager.kubernetes.io/mode') === 'Reconcile' ||
      managers.some((manager) => gitOpsManagers.includes(manager)),
    IAC_MANAGED: managers.some((manager) => infrastructureManagers.test(manager)),
    HELM_MANAGED:
      labels.get('app.kubernetes.io/managed-by') === 'Helm' &&
      annotations.has('meta.helm.sh/release-name'),
  });
}

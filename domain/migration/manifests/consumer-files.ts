import type { ClusterMigration, OtherConsumer, WorkloadMigration } from '../document';
import { oneOf } from '../reading/kubernetes-objects';
import type { KubernetesState } from '../reading/kubernetes-objects';
import type { Workload } from '../reading/workloads';
import { podIdentityClasses, secretProviderClass } from '../rules/workload-draft';
import { textIn } from '../json';
import { patch } from './manifest-file';
import type { Manifest } from './manifest-file';

/** A workload of a plan with what was read of it. */
export interface PlannedWorkload {
  readonly plan: WorkloadMigration;
  readonly workload: Workload;
}

/** Patches of what uses pod identity and is no workload. */
export function consumerFiles(
  { otherConsumers }: Pick<ClusterMigration, 'otherConsumers'>,
  planned: readonly PlannedWorkload[],
  state: KubernetesState,
): readonly Manifest[] {
  return otherConsumers.map((consumer) =>
    consumer.code === 'CSI_POD_IDENTITY'
      ? classFile(consumer, planned, state)
      : triggerFile(consumer, state),
  );
}

/** The provider then gets its token by the pod's account; the pod needs no label for that. */
function classFile(
  consumer: OtherConsumer,
  planned: readonly PlannedWorkload[],
  state: KubernetesState,
): Manifest {
  const { namespace, name } = consumer;
  const users = planned.filter(
    ({ workload }) =>
      workload.namespace === namespace && podIdentityClasses(workload, { state }).includes(name),
  );
  const clients = [...new Set(users.flatMap(({ plan }) => plan.defaultClientId ?? []))];
  const [clientID, ...others] = clients;
  const one = clientID !== undefined && others.length === 0;
  return patch(
    consumer,
    {
      apiVersion: versionOf(consumer, state, 'secrets-store.csi.x-k8s.io/v1'),
      kind: consumer.kind,
      metadata: { name, namespace },
      spec: { parameters: { usePodIdentity: 'false', ...(one && { clientID }) } },
    },
    one ? [] : ['Set spec.parameters.clientID: it is not known whose secrets the pods read.'],
  );
}

function triggerFile(consumer: OtherConsumer, state: KubernetesState): Manifest {
  const { kind, name, namespace } = consumer;
  return patch(
    consumer,
    {
      apiVersion: versionOf(consumer, state, 'keda.sh/v1alpha1'),
      kind,
      metadata: { name, ...(namespace !== '' && { namespace }) },
      spec: { podIdentity: { provider: 'azure-workload' } },
    },
    [
      'The identity must trust the account of keda-operator: KEDA asks for the token, not the workload.',
    ],
  );
}

function versionOf(
  { kind, namespace, name, code }: OtherConsumer,
  state: KubernetesState,
  usual: string,
): string {
  const type = code === 'CSI_POD_IDENTITY' ? secretProviderClass : `keda.sh/${kind}`;
  const found = textIn(oneOf(state, type, { namespace, name })?.body['apiVersion']);
  return found === '' ? usual : found;
}

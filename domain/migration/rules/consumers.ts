import { objectAt, textIn } from '../json';
import type { OtherConsumer } from '../document';
import type { ClusterContext } from '../reading/cluster-context';
import { allOf } from '../reading/kubernetes-objects';
import type { KubernetesObject } from '../reading/kubernetes-objects';
import type { PodException } from '../reading/pod-identity-objects';
import { canonicalArmId } from '../../ids';
import { isTrueText, sameText } from '../reading/values';
import { blockerName, isOnHostNetwork, spokenTexts } from '../reading/workloads';
import type { Workload } from '../reading/workloads';
import { secretProviderClass } from './workload-draft';

/** Ways to name a managed identity. */
export interface IdentityNames {
  readonly clientIds: readonly string[];
  readonly resourceId: string;
}

/**
 * Section 2.6: what gets tokens for an identity past pod identity, only because the identity is on the nodes.
 * `Kind/namespace/name` of each.
 */
export function shadowConsumers(
  names: IdentityNames,
  { workloads, exceptions, state }: ClusterContext,
): readonly string[] {
  const words = [...names.clientIds, canonicalArmId(names.resourceId)]
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  const past = workloads.filter(
    (workload) =>
      (isOnHostNetwork(workload.template) || isExcepted(workload, exceptions)) &&
      spokenTexts(workload.template).some((text) =>
        words.some((word) => text.toLowerCase().includes(word)),
      ),
  );
  const classes = allOf(state, secretProviderClass).filter(({ body }) => {
    const { useVMManagedIdentity, userAssignedIdentityID } = objectAt(body, 'spec', 'parameters');
    const id = textIn(userAssignedIdentityID);
    return isTrueText(useVMManagedIdentity) && names.clientIds.some((one) => sameText(one, id));
  });
  return [...past.map(blockerName), ...classes.map(blockerName)];
}

/** One label of an exception is enough; its value is compared without regard to case. */
function isExcepted(
  { namespace, template }: Workload,
  exceptions: readonly PodException[],
): boolean {
  return exceptions
    .filter((exception) => exception.namespace === namespace)
    .some(({ podLabels }) =>
      [...podLabels].some(([name, value]) => {
        return template.labels.get(name)?.toLowerCase() === value.toLowerCase();
      }),
    );
}

/** Objects that say themselves that they use pod identity, and that a patch makes use Workload ID. */
export function otherConsumers({ state }: ClusterContext): readonly OtherConsumer[] {
  const classes = allOf(state, secretProviderClass).filter(({ body }) =>
    isTrueText(objectAt(body, 'spec', 'parameters')['usePodIdentity']),
  );
  const triggers = ['ClusterTriggerAuthentication', 'TriggerAuthentication']
    .flatMap((kind) => allOf(state, `keda.sh/${kind}`))
    .filter(({ body }) => textIn(objectAt(body, 'spec', 'podIdentity')['provider']) === 'azure');
  return [
    ...classes.map((one) => consumer(one, 'CSI_POD_IDENTITY')),
    ...triggers.map((one) => consumer(one, 'KEDA_POD_IDENTITY')),
  ];
}

function consumer({ kind, namespace, name }: KubernetesObject, code: string): OtherConsumer {
  return { kind, namespace, name, code };
}

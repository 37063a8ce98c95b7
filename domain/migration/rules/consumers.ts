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

/** A workload whose pods NMI does not answer, with what their template says; or an object that acts for them. */
interface PastConsumer {
  readonly name: string;
  readonly names: (identity: IdentityNames) => boolean;
}

/**
 * Section 2.6: what gets tokens for an identity past pod identity, only because the identity is on the nodes.
 *
 * @returns for the names of an identity, `Kind/namespace/name` of each.
 */
export function shadowConsumers(
  context: ClusterContext,
): (identity: IdentityNames) => readonly string[] {
  const past = [...pastWorkloads(context), ...nodeClasses(context)];
  return (identity) => past.filter(({ names }) => names(identity)).map(({ name }) => name);
}

function pastWorkloads({ workloads, exceptions }: ClusterContext): readonly PastConsumer[] {
  return workloads
    .filter((workload) => isOnHostNetwork(workload.template) || isExcepted(workload, exceptions))
    .map((workload) => {
      const texts = spokenTexts(workload.template).map((text) => text.toLowerCase());
      const names = ({ clientIds, resourceId }: IdentityNames) =>
        [...clientIds, canonicalArmId(resourceId)]
          .filter((word) => word !== '')
          .some((word) => texts.some((text) => text.includes(word.toLowerCase())));
      return { name: blockerName(workload), names };
    });
}

function nodeClasses({ state }: ClusterContext): readonly PastConsumer[] {
  return allOf(state, secretProviderClass).flatMap((one) => {
    const { useVMManagedIdentity, userAssignedIdentityID } = objectAt(
      one.body,
      'spec',
      'parameters',
    );
    if (!isTrueText(useVMManagedIdentity)) return [];
    const id = textIn(userAssignedIdentityID);
    const names = ({ clientIds }: IdentityNames) =>
      clientIds.some((clientId) => sameText(clientId, id));
    return [{ name: blockerName(one), names }];
  });
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

import { armName, canonicalArmId } from '../../ids';
import { objectAt, objectsIn, textIn } from '../json';
import type { CleanupPlan, CleanupStep, InstallMode, ScaleSetIdentityCleanup } from '../document';
import type { ClusterContext } from '../reading/cluster-context';
import { addonIdentities, kubeletIdentity, nodeResourceGroup } from '../reading/fleet';
import { namespacedName } from '../reading/kubernetes-objects';
import { inOrder, sortedBy } from '../reading/values';
import { podIdentityCleanup } from './pod-identity-clean-up';
import type { Outcome } from './pod-identity-clean-up';
import { roleCleanup } from './role-clean-up';
import type { GoingIdentity } from './role-clean-up';

const steps: Readonly<Record<InstallMode, readonly CleanupStep[]>> = {
  addon: [
    'deletePodIdentities',
    'deleteExceptions',
    'disableAddon',
    'verifyImds',
    'removeRoleAssignments',
    'unregisterFeature',
  ],
  'oss-standard': [
    'deleteBindings',
    'waitMicUnassign',
    'uninstallMic',
    'uninstallNmi',
    'verifyImds',
    'removeCrds',
    'removeRoleAssignments',
  ],
  'oss-managed': [
    'deleteBindings',
    'removeVmssIdentities',
    'uninstallNmi',
    'verifyImds',
    'removeCrds',
    'removeRoleAssignments',
  ],
  // Nobody serves the objects any more, and nobody takes the identities off the nodes.
  residue: [
    'deleteBindings',
    'removeVmssIdentities',
    'verifyImds',
    'removeCrds',
    'removeRoleAssignments',
  ],
  none: [],
};

/** R12: what of pod identity can go, and in which order. */
export function planCleanup(outcomes: readonly Outcome[], context: ClusterContext): CleanupPlan {
  const { mode } = context.installed;
  const going = goingIdentities(context);
  return {
    podIdentities: podIdentityCleanup(going, outcomes, context),
    exceptions: exceptionKeys(context),
    roleAssignments: mode === 'none' ? [] : roleCleanup(going, context),
    vmssIdentities: mode === 'none' || mode === 'addon' ? [] : scaleSetCleanup(going, context),
    steps: steps[mode],
  };
}

function goingIdentities({
  cluster,
  installed,
  podIdentity,
}: ClusterContext): readonly GoingIdentity[] {
  if (installed.mode === 'addon') return addonIdentities(cluster);
  return sortedBy(podIdentity.identities.values(), ({ key }) => key).map(
    ({ key, namespace, name, type, resourceId }) => ({
      key,
      namespace,
      name,
      resourceId: type === 0 ? resourceId : '',
    }),
  );
}

/** The exception that AKS makes for its own pods comes and goes with the add-on. */
function exceptionKeys({ cluster, installed, exceptions }: ClusterContext): readonly string[] {
  const own = objectsIn(
    objectAt(cluster.properties, 'podIdentityProfile')['userAssignedIdentityExceptions'],
  ).map(({ namespace, name }) =>
    namespacedName({ namespace: textIn(namespace), name: textIn(name) }),
  );
  const keys = installed.mode === 'addon' ? own : exceptions.map(({ key }) => key);
  return keys.filter((key) => key !== 'kube-system/aks-addon-exception').sort(inOrder);
}

function scaleSetCleanup(
  going: readonly GoingIdentity[],
  { cluster, fleet, installed }: ClusterContext,
): readonly ScaleSetIdentityCleanup[] {
  const ours = new Set(going.map(({ resourceId }) => canonicalArmId(resourceId)));
  const kubelet = kubeletIdentity(cluster).resourceId;
  const group = `${nodeResourceGroup(cluster)}/`;
  const action = installed.mode === 'oss-standard' ? 'mic-removes' : 'propose';
  return fleet.vmss
    .filter(({ id }) => canonicalArmId(textIn(id)).startsWith(group))
    .flatMap((scaleSet) => {
      const assigned = objectAt(scaleSet, 'identity', 'userAssignedIdentities');
      const vmss = textIn(scaleSet['name']) || armName(textIn(scaleSet['id']));
      return sortedBy(Object.keys(assigned), canonicalArmId).map((id) => {
        const canonical = canonicalArmId(id);
        const goes = ours.has(canonical) && canonical !== kubelet;
        const identity = armName(id.replace(/\/+$/, ''));
        return { vmss, identity, action: goes ? action : ('keep' as const) };
      });
    });
}

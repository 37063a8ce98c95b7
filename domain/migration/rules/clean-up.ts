import { armName, canonicalArmId } from '../../ids';
import { objectAt, objectsIn, textIn } from '../json';
import type {
  CleanupPlan,
  CleanupStep,
  InstallMode,
  PodIdentityCleanup,
  ScaleSetIdentityCleanup,
  WorkloadStatus,
} from '../document';
import type { ClusterContext } from '../reading/cluster-context';
import {
  addonIdentities,
  deadAddonIdentities,
  kubeletIdentity,
  nodeResourceGroup,
} from '../reading/fleet';
import { namespacedName } from '../reading/kubernetes-objects';
import { inOrder, sortedBy } from '../reading/values';
import { blockerName } from '../reading/workloads';
import { shadowConsumers } from './consumers';
import { roleCleanup } from './role-clean-up';
import type { GoingIdentity } from './role-clean-up';
import { podIdentityClasses, secretProviderClass } from './workload-draft';
import type { WorkloadDraft } from './workload-draft';

export interface Outcome {
  readonly draft: WorkloadDraft;
  readonly status: WorkloadStatus;
}

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
    podIdentities: going.map((identity) => podIdentityCleanup(identity, outcomes, context)),
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

function podIdentityCleanup(
  identity: GoingIdentity,
  outcomes: readonly Outcome[],
  context: ClusterContext,
): PodIdentityCleanup {
  const { namespace, name, key } = identity;
  const dead = deadAddonIdentities(context.cluster, context.fleet).some((one) => one.key === key);
  const blockedBy = dead ? [] : blockersOf(identity, outcomes, context);
  const removable = dead ? 'now' : blockedBy.length === 0 ? 'after-soak' : 'no';
  return { namespace, name, removable, blockedBy };
}

function blockersOf(
  { key, resourceId }: GoingIdentity,
  outcomes: readonly Outcome[],
  context: ClusterContext,
): readonly string[] {
  const users = outcomes.filter(({ draft }) => draft.identities.some((one) => one.key === key));
  const migrated = users.filter(({ status }) => status === 'migrated');
  const waiting = users.filter(({ status }) => status !== 'migrated').map(nameOf);
  // Such a class asks NMI for its pods, however the pods themselves get tokens.
  const classes = migrated.flatMap(({ draft }) =>
    podIdentityClasses(draft.workload, context).map((name) =>
      blockerName({
        kind: armName(secretProviderClass),
        namespace: draft.workload.namespace,
        name,
      }),
    ),
  );
  const declared = context.podIdentity.identities.get(key)?.clientId ?? '';
  const known = context.fleet.identities.get(canonicalArmId(resourceId))?.clientId ?? '';
  const names = { clientIds: [declared, known].filter((id) => id !== ''), resourceId };
  const done = outcomes.filter(({ status }) => status === 'migrated').map(nameOf);
  const shadows = shadowConsumers(names, context).filter((name) => !done.includes(name));
  return [...new Set([...waiting, ...classes, ...shadows])].sort(inOrder);
}

function nameOf({ draft }: Outcome): string {
  return blockerName(draft.workload);
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

import { objectAt, objectsIn, textIn } from '../json';
import { issuesIf } from '../codes';
import type { Issue } from '../codes';
import type { ClusterStep } from '../document';
import type { ClusterContext } from '../reading/cluster-context';
import { deadAddonIdentities } from '../reading/fleet';
import type { AddonIdentity } from '../reading/fleet';
import { allOf } from '../reading/kubernetes-objects';
import { oldestVersion } from '../reading/server-version';
import { webhookConfiguration } from '../words';

export interface ClusterJudgement {
  readonly issues: readonly Issue[];
  readonly steps: readonly ClusterStep[];
  readonly dead: readonly AddonIdentity[];
}

/** R1: what stands between a cluster and Workload ID, in the order in which it is dealt with. */
export function judgeCluster(context: ClusterContext): ClusterJudgement {
  const dead = deadAddonIdentities(context.cluster, context.fleet);
  const { mode, both } = context.installed;
  // Where there is nothing to migrate, nothing is switched on for it.
  const needed = needsWorkloadId(context);
  const principal = needed && isServicePrincipalCluster(context);
  const own = needed && hasOwnWebhook(context);
  return {
    dead,
    issues: [
      ...stateIssues(context, dead),
      ...issuesIf({
        K8S_TOO_OLD: context.version < oldestVersion,
        DEAD_POD_IDENTITY: dead.length > 0,
        SP_CLUSTER: principal,
        WEBHOOK_OSS_PRESENT: own,
        OIDC_IRREVERSIBLE: needed && !hasIssuer(context),
        KUBENET_NET_RAW: hasPodIdentity(mode) && isKubenet(context),
        ADDON_AND_OSS: both,
      }),
    ],
    steps: [
      ...(dead.length > 0 ? ['removeDeadPodIdentities' as const] : []),
      ...(principal && context.options.requireManagedIdentity
        ? ['enableManagedIdentity' as const]
        : []),
      ...(needed ? enablingSteps(context, own) : []),
    ],
  };
}

function hasPodIdentity(mode: ClusterContext['installed']['mode']): boolean {
  return mode !== 'none' && mode !== 'residue';
}

function needsWorkloadId({ installed }: ClusterContext): boolean {
  return installed.mode !== 'none';
}

function stateIssues(
  { cluster: { properties } }: ClusterContext,
  dead: readonly AddonIdentity[],
): readonly Issue[] {
  const power = textIn(objectAt(properties, 'powerState')['code']).toLowerCase();
  const state = textIn(properties['provisioningState']).toLowerCase();
  const failed = state === 'failed';
  return issuesIf({
    CLUSTER_STOPPED: power === 'stopped',
    CLUSTER_FAILED_DEAD_IDENTITY: failed && dead.length > 0,
    CLUSTER_FAILED: failed && dead.length === 0,
    CLUSTER_BUSY: !failed && state !== 'succeeded',
  });
}

function isServicePrincipalCluster({ cluster }: ClusterContext): boolean {
  const type = textIn(objectAt(cluster.body, 'identity')['type']).toLowerCase();
  const clientId = textIn(objectAt(cluster.properties, 'servicePrincipalProfile')['clientId']);
  return ['', 'none'].includes(type) && clientId !== '' && clientId.toLowerCase() !== 'msi';
}

/** A webhook that a person installed answers from another namespace than that of AKS. */
function hasOwnWebhook({ state }: ClusterContext): boolean {
  return allOf(state, 'admissionregistration.k8s.io/MutatingWebhookConfiguration')
    .filter(({ name }) => name === webhookConfiguration)
    .flatMap(({ body }) => objectsIn(body['webhooks']))
    .some((webhook) => {
      const namespace = textIn(objectAt(webhook, 'clientConfig', 'service')['namespace']);
      return namespace !== '' && namespace !== 'kube-system';
    });
}

function isKubenet({ cluster }: ClusterContext): boolean {
  const { networkPlugin } = objectAt(cluster.properties, 'networkProfile');
  return textIn(networkPlugin).toLowerCase() === 'kubenet';
}

function hasIssuer({ cluster }: ClusterContext): boolean {
  return objectAt(cluster.properties, 'oidcIssuerProfile')['enabled'] === true;
}

function enablingSteps(context: ClusterContext, own: boolean): readonly ClusterStep[] {
  if (!hasIssuer(context))
    return [own ? 'enableOidcIssuer' : 'enableOidcIssuerAndWorkloadIdentity'];
  const { properties } = context.cluster;
  const { enabled } = objectAt(properties, 'securityProfile', 'workloadIdentity');
  return enabled === true || own ? [] : ['enableWorkloadIdentity'];
}

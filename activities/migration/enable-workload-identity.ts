import { getCluster, putCluster, requireWritable } from '../../clients/clusters';
import { operationOn } from '../../clients/operations';
import { isBusy } from '../../domain/cluster';
import { clusterIdParts } from '../../domain/ids';
import type { ClusterId } from '../../domain/ids';
import type { Operation } from '../../domain/operation';
import { defineActivity } from '../activity';
import { clusterWriteNeeds } from '../cluster-write-needs';
import { issuerIn } from './issuer';

export interface EnableWorkloadIdentityInput {
  readonly clusterId: ClusterId;
  /** False where a webhook of somebody else does its work. */
  readonly webhook: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Switches the OIDC issuer of a cluster on, and the Workload ID webhook, in one write. The issuer stays: Azure does not
 * switch it off again. Idempotent.
 *
 * @see https://learn.microsoft.com/azure/aks/use-oidc-issuer
 */
export const enableWorkloadIdentity = defineActivity(
  clusterWriteNeeds,
  async (
    { clusterId, webhook }: EnableWorkloadIdentityInput,
    { clients, log },
  ): Promise<Operation> => {
    const cluster = await getCluster(clients, clusterId);
    const { body, facts } = cluster;
    const { oidcIssuerProfile, securityProfile } = body['properties'] as {
      oidcIssuerProfile?: Json | null;
      securityProfile?: Json | null;
    };
    const workloadIdentity = securityProfile?.['workloadIdentity'] as Json | undefined;
    const on = oidcIssuerProfile?.['enabled'] === true;
    if (on && (!webhook || workloadIdentity?.['enabled'] === true)) {
      if (!isBusy(facts.provisioningState)) return { status: 'succeeded' };
      const { subscriptionId } = clusterIdParts(clusterId);
      return operationOn({ title: title(facts.name), target: facts.armId, subscriptionId });
    }
    requireWritable(facts);
    log.info('cluster.workloadIdentity.enabling', { clusterId, issuer: issuerIn(body) ?? '' });
    return putCluster(clients, cluster, {
      title: 'start of Workload ID',
      properties: {
        oidcIssuerProfile: { ...oidcIssuerProfile, enabled: true },
        ...(webhook && {
          securityProfile: {
            ...securityProfile,
            workloadIdentity: { ...workloadIdentity, enabled: true },
          },
        }),
      },
    });
  },
);

function title(name: string): string {
  return `start of Workload ID of ${name}`;
}

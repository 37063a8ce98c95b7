import type { Clients } from '../../clients';
import { getCluster } from '../../clients/clusters';
import type { ClusterId } from '../../domain/ids';
import { numberIn, objectAt, objectsIn, textIn } from '../../domain/migration/json';
import { webhookConfiguration } from '../../domain/migration/words';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import { issuerIn } from './issuer';

/** So that one of them may be restarted: a webhook that does not answer refuses every pod that it is for. */
const leastReplicas = 2;

/**
 * Whether the issuer and the webhook of a cluster answer. ARM reports both as done before they do.
 *
 * @returns what is missing, as one sentence; null for nothing.
 */
export const checkWorkloadIdentity = defineActivity(
  [...insideNeeds, 'Microsoft.ContainerService/managedClusters/read'],
  async (
    { clusterId }: { readonly clusterId: ClusterId },
    { clients },
  ): Promise<{ readonly missing: string | null }> => {
    const { body } = await getCluster(clients, clusterId);
    const issuer = issuerIn(body);
    if (issuer === undefined) return { missing: 'Azure does not show the URL of the issuer yet.' };
    const documents = await clients.readIssuer(issuer);
    if (!documents) return { missing: `the documents of the issuer ${issuer} cannot be read yet.` };
    if (documents.issuer !== issuer) {
      return { missing: `the issuer calls itself ${documents.issuer}, and Azure ${issuer}.` };
    }
    if (documents.keys === 0) return { missing: `the issuer ${issuer} publishes no keys yet.` };
    return { missing: (await missingWebhook(clients, clusterId)) ?? null };
  },
);

async function missingWebhook(clients: Clients, clusterId: ClusterId): Promise<string | undefined> {
  const kube = await clients.kubernetes(clusterId);
  const group = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
  const configuration = await kube.get(`${group}/${webhookConfiguration}`);
  const [webhook] = objectsIn(configuration?.['webhooks']);
  if (!webhook) return 'the Workload ID webhook is not configured yet.';
  const client = objectAt(webhook, 'clientConfig');
  if (textIn(client['caBundle']) === '') return 'the Workload ID webhook has no certificate yet.';
  const namespace = textIn(objectAt(client, 'service')['namespace']) || 'kube-system';
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/azure-wi-webhook-controller-manager`;
  const deployment = await kube.get(path);
  const ready = numberIn(deployment && objectAt(deployment, 'status')['readyReplicas'], 0);
  return ready >= leastReplicas
    ? undefined
    : `${ready} of ${leastReplicas} pods of the Workload ID webhook are ready.`;
}

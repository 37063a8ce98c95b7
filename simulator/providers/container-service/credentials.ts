import { textAt } from '../../json';
import { aksError } from '../../provider';
import { nameOf, onCluster } from './cluster';
import type { Cluster } from './cluster';

export const userCredential = onCluster((cluster) => ({
  status: 200,
  body: { kubeconfigs: [{ name: 'clusterUser', value: kubeconfig(cluster, 'clusterUser') }] },
}));

export const adminCredential = onCluster((cluster) => {
  const disabled = cluster['properties'] as { disableLocalAccounts?: boolean } | undefined;
  if (disabled?.disableLocalAccounts === true) {
    return aksError(
      400,
      'BadRequest',
      "Getting static credential isn't allowed because this cluster is set to disable local accounts.",
    );
  }
  return {
    status: 200,
    body: { kubeconfigs: [{ name: 'clusterAdmin', value: kubeconfig(cluster, 'clusterAdmin') }] },
  };
});

/** A kubeconfig in base64. JSON is YAML too. */
function kubeconfig(cluster: Cluster, user: string): string {
  const name = nameOf(cluster);
  const server = `https://${textAt(cluster, 'properties', 'fqdn') ?? name}:443`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': '' } }],
    contexts: [{ name, context: { cluster: name, user } }],
    users: [{ name: user, user: {} }],
  };
  return Buffer.from(JSON.stringify(config)).toString('base64');
}

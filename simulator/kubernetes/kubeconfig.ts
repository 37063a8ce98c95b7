import { serverApplication, usesEntra } from './caller';
import { textAt } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';
import { Authority } from './tls/authority';

export type Account = 'clusterUser' | 'clusterAdmin';

/** Entra application of the kubelogin that AKS names in its kubeconfigs. */
const loginApplication = '80faf920-1908-4b52-b5ef-a8e7bedfc67a';

/**
 * A kubeconfig in base64, as AKS writes it: on a cluster with Entra users log in by kubelogin, local accounts carry
 * their certificate and token.
 */
export function kubeconfig(cluster: Cluster, account: Account, world: World): string {
  const name = nameIn(cluster.id);
  const group = cluster.id.split('/')[4] ?? '';
  const context = account === 'clusterAdmin' ? `${name}-admin` : name;
  const user = `${account}_${group}_${name}`;
  const authority = new Authority(world.seed, cluster.id);
  const byLogin = account === 'clusterUser' && usesEntra(cluster);
  const lines = [
    'apiVersion: v1',
    'clusters:',
    '- cluster:',
    `    certificate-authority-data: ${base64(authority.certificate)}`,
    `    server: ${serverOf(cluster)}`,
    `  name: ${name}`,
    'contexts:',
    '- context:',
    `    cluster: ${name}`,
    `    user: ${user}`,
    `  name: ${context}`,
    `current-context: ${context}`,
    'kind: Config',
    'preferences: {}',
    'users:',
    `- name: ${user}`,
    '  user:',
    ...(byLogin ? loginLines(world.tenantId) : localLines(authority, account)),
  ];
  return base64(`${lines.join('\n')}\n`);
}

/** The public address of an API server; of a private cluster the private one. */
export function serverOf(cluster: Cluster): string {
  return `https://${hostOf(cluster)}:443`;
}

export function hostOf({ id, properties }: Cluster): string {
  const known = ['privateFQDN', 'fqdn'].map((member) => textAt(properties, member));
  return known.find((host) => host !== undefined && host !== '') ?? `${nameIn(id)}.azmk8s.io`;
}

function nameIn(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function localLines(authority: Authority, account: Account): readonly string[] {
  const client = authority.client();
  return [
    `    client-certificate-data: ${base64(client.certificate)}`,
    `    client-key-data: ${base64(client.key)}`,
    `    token: ${authority.token(account)}`,
  ];
}

function loginLines(tenantId: string): readonly string[] {
  const values = [
    'get-token',
    ...['--environment', 'AzurePublicCloud', '--server-id', serverApplication],
    ...['--client-id', loginApplication, '--tenant-id', tenantId, '--login', 'devicecode'],
  ];
  return [
    '    exec:',
    '      apiVersion: client.authentication.k8s.io/v1beta1',
    '      args:',
    ...values.map((value) => `      - ${value}`),
    '      command: kubelogin',
    '      env: null',
    '      provideClusterInfo: false',
  ];
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

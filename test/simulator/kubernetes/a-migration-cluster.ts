import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { textAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import type { SimulatorOptions } from '../../../simulator';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { reach } from './a-cluster';
import type { ClusterReply, ReachedCluster } from './a-cluster';

const folder = join(__dirname, '../../data/pod-identity');
export const clusterId =
  '/subscriptions/11111111-aaaa-4aaa-8aaa-111111111111/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks-test';

/** The `given` of a migration fixture. */
export function fixture(name: string): JsonObject {
  const { given } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { given: JsonObject };
  return given;
}

export interface Inside extends AsyncDisposable {
  readonly azure: Driven;
  readonly cluster: ReachedCluster;
  /** The body of a successful answer. @throws Error for any other. */
  get(path: string): Promise<Json>;
  /** `call` is a method and a path. */
  send(call: string, body?: unknown, type?: string): Promise<ClusterReply>;
  /** Server-side apply. */
  apply(path: string, manager: string, body: unknown): Promise<ClusterReply>;
}

export interface InsideOptions extends Partial<SimulatorOptions> {
  readonly objects?: readonly object[];
  readonly podLogs?: Readonly<Record<string, string>>;
  readonly properties?: object;
}

/** A simulator with one cluster that holds some objects, entered with its kubeconfig. */
export async function enter(options: InsideOptions = {}): Promise<Inside> {
  const { objects = [], podLogs = {}, properties = {}, ...others } = options;
  const azure = await drive(others);
  const cluster = {
    id: clusterId,
    name: 'aks-test',
    type: 'Microsoft.ContainerService/managedClusters',
    location: 'westeurope',
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      kubernetesVersion: '1.33.2',
      agentPoolProfiles: [],
      ...properties,
    },
  };
  const kubernetes = { [clusterId]: { objects, podLogs } };
  await azure.control('PUT', 'world', { resources: [cluster], kubernetes });
  return inside(azure, clusterId);
}

export async function inside(azure: Driven, id: string): Promise<Inside> {
  const cluster = await reach(azure, id);
  const headers = cluster.kubeconfig.includes('kubelogin') ? await entraToken(azure) : {};
  const send: Inside['send'] = (call, body, type = 'application/json') => {
    const [method = '', path = ''] = call.split(' ');
    return cluster.ask(method, path, { body, headers: { ...headers, 'content-type': type } });
  };
  return {
    azure,
    cluster,
    send,
    get: async (path) => {
      const { status, body } = await send(`GET ${path}`);
      if (status !== 200) throw new Error(`${path}: ${status} ${textAt(body, 'message') ?? ''}`);
      return body;
    },
    apply: (path, manager, body) =>
      send(`PATCH ${path}?fieldManager=${manager}`, body, 'application/apply-patch+yaml'),
    [Symbol.asyncDispose]: () => azure[Symbol.asyncDispose](),
  };
}

export async function entraToken({ simulator }: Driven): Promise<Record<string, string>> {
  const resource = '6dae42f8-4368-4678-94ff-3960e28e3630';
  const path = `/_identity/token?api-version=2019-08-01&resource=${resource}`;
  const headers = { 'x-identity-header': 'a3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10' };
  const issued = await fetch(`${simulator.url}${path}`, { headers });
  const { access_token: token } = (await issued.json()) as { access_token: string };
  return { authorization: `Bearer ${token}` };
}

export function aPod(name: string, spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'app', image: 'registry/app:1' }], ...spec },
  };
}

export function aDeployment(name: string, template: object = {}): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: 'registry/app:1' }], ...template },
      },
    },
  };
}

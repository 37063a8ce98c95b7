import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { ClusterContent, Json, MigrationSnapshot } from '../../../domain/migration/snapshot';
import type { KubeApi } from '../../../clients/kubernetes/kube-api';
import { anApiServer, apiOf, json, refusal } from '../../clients/kubernetes/an-api-server';
import type { Answering, TestApiServer } from '../../clients/kubernetes/an-api-server';

const folder = join(__dirname, '../../data/pod-identity');

export const migrationFixtures: readonly string[] = readdirSync(folder).sort();

export function migrationFixture(name: string): MigrationSnapshot {
  const text = readFileSync(join(folder, name), 'utf8');
  return (JSON.parse(text) as { readonly given: MigrationSnapshot }).given;
}

/** An API server with this content, that refuses what a test says. */
export async function served(
  { serverVersion, objects, podLogs = {} }: ClusterContent,
  refuse: (path: string) => number | undefined = () => undefined,
): Promise<TestApiServer & { readonly api: KubeApi }> {
  const answer: Answering = ({ method, url }, response) => {
    const path = url.pathname;
    const refused = method === 'GET' ? refuse(path) : 405;
    if (refused !== undefined) {
      json(response, refusal(refused, 'Forbidden', `no: ${path}`), refused);
      return;
    }
    const [, logged] = /\/namespaces\/([^/]+\/pods\/[^/]+)\/log$/.exec(path) ?? [];
    if (logged !== undefined) {
      response.end(podLogs[logged.replace('/pods/', '/')] ?? '');
      return;
    }
    if (path === '/version') json(response, { gitVersion: serverVersion });
    else
      answerObjects(path, objects, (status, body) => {
        json(response, body, status);
      });
  };
  const server = await anApiServer(answer);
  const api = await apiOf([server.kubeconfig()]);
  return Object.assign(server, { api });
}

const installable = ['aadpodidentity.k8s.io', 'keda.sh', 'secrets-store.csi.x-k8s.io'];

function answerObjects(
  path: string,
  objects: readonly Json[],
  answer: (status: number, body: unknown) => void,
): void {
  const one = objects.find((object) => pathsOf(object)[1] === path);
  const items = objects.filter((object) => pathsOf(object)[0] === path);
  const absent = items.length === 0 && installable.some((group) => path.includes(group));
  if (one) answer(200, one);
  else if (absent || /\/namespaces\/./.test(path))
    answer(404, refusal(404, 'NotFound', `${path} not found`));
  else answer(200, { kind: 'List', apiVersion: 'v1', items });
}

/** The list that an object is in, over all namespaces, and the object itself. */
function pathsOf({ apiVersion, kind, metadata }: Json): readonly [string, string] {
  const version = String(apiVersion);
  const base = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
  const plural = String(kind).toLowerCase().replace(/y$/, 'ie').replace(/s$/, 'se').concat('s');
  const { namespace, name } = metadata as { readonly namespace?: string; readonly name: string };
  const inside = namespace === undefined ? base : `${base}/namespaces/${namespace}`;
  return [`${base}/${plural}`, `${inside}/${plural}/${name}`];
}

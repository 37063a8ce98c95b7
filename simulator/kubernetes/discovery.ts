import { textAt } from '../json';
import type { Json, JsonObject } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import { groups } from './groups';
import type { KubeAnswer, KubeRequest } from './kube-request';
import { apiVersionOf, pathOf, verbsOf } from './resource-table';
import type { ApiGroup, KubeResource } from './resource-table';

/** Everything an API server says about itself, by path; undefined for a path that is no such thing. */
export function discovery(request: KubeRequest, cluster: Cluster): KubeAnswer | undefined {
  const { path } = request;
  if (['/healthz', '/livez', '/readyz'].includes(path)) return plain('ok');
  if (path === '/version') return json(versionOf(cluster));
  if (path === '/api' || path === '/apis') return groupsAt(path, request);
  if (path === '/openapi/v2') return json(openApiV2());
  if (path === '/openapi/v3') return json(openApiV3());
  const group = groups.find((one) => [pathOf(one), `/openapi/v3${pathOf(one)}`].includes(path));
  if (group) return json(path.startsWith('/openapi') ? openApiOf(group) : resourceList(group));
  return undefined;
}

function plain(text: string): KubeAnswer {
  return { status: 200, text, contentType: 'text/plain; charset=utf-8' };
}

function json(body: Json): KubeAnswer {
  return { status: 200, body };
}

function versionOf(cluster: Cluster): Json {
  const version =
    textAt(cluster, 'properties', 'currentKubernetesVersion') ??
    textAt(cluster, 'properties', 'kubernetesVersion') ??
    '1.35.4';
  const [major = '1', minor = '35'] = version.split('.');
  return {
    major,
    minor,
    gitVersion: `v${version}`,
    gitCommit: '0'.repeat(40),
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'go1.24.6',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

/** Core group at `/api`, the others at `/apis`; in the aggregated form where the caller takes it (v2). */
function groupsAt(path: string, { headers }: KubeRequest): KubeAnswer {
  const here = groups.filter((one) => pathOf(one).startsWith(`${path}/`));
  const [, version] =
    /application\/json;g=apidiscovery\.k8s\.io;v=(v2(?:beta1)?);as=APIGroupDiscoveryList/.exec(
      headers['accept'] ?? '',
    ) ?? [];
  if (version !== undefined) {
    return {
      status: 200,
      contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
      body: {
        kind: 'APIGroupDiscoveryList',
        apiVersion: `apidiscovery.k8s.io/${version}`,
        metadata: {},
        items: here.map(aggregated),
      },
    };
  }
  if (path === '/api') {
    const versions = here.map(({ version: name }) => name);
    return json({ kind: 'APIVersions', versions, serverAddressByClientCIDRs: [] });
  }
  return json({ kind: 'APIGroupList', apiVersion: 'v1', groups: here.map(groupEntry) });
}

function groupEntry(group: ApiGroup): JsonObject {
  const version = { groupVersion: apiVersionOf(group), version: group.version };
  return { name: group.group, versions: [version], preferredVersion: version };
}

function aggregated({ group, version, resources }: ApiGroup): JsonObject {
  return {
    metadata: group === '' ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
    versions: [
      {
        version,
        freshness: 'Current',
        resources: resources.map((resource) => ({
          resource: resource.name,
          responseKind: { group: '', version: '', kind: resource.kind },
          scope: resource.namespaced ? 'Namespaced' : 'Cluster',
          singularResource: resource.singular,
          verbs: verbsOf(resource),
          shortNames: resource.shortNames,
        })),
      },
    ],
  };
}

function resourceList(group: ApiGroup): Json {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(group),
    resources: group.resources.map((resource) => ({
      name: resource.name,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs: verbsOf(resource),
      shortNames: resource.shortNames,
    })),
  };
}

const info = { title: 'Kubernetes', version: 'v1' };

function openApiV2(): Json {
  const definitions = groups.flatMap((group) =>
    group.resources.map((resource) => [schemaName(group, resource), schemaOf(group, resource)]),
  );
  return { swagger: '2.0', info, paths: {}, definitions: Object.fromEntries(definitions) as Json };
}

function openApiV3(): Json {
  const paths = groups.map((group) => {
    const path = pathOf(group);
    return [path.slice(1), { serverRelativeURL: `/openapi/v3${path}` }];
  });
  return { paths: Object.fromEntries(paths) as Json };
}

/** Objects of any content: the schemas name the kinds and say no more. */
function openApiOf(group: ApiGroup): Json {
  const schemas = group.resources.map((resource) => [
    schemaName(group, resource),
    schemaOf(group, resource),
  ]);
  const paths = group.resources.map(({ name, kind }) => [
    `${pathOf(group)}/${name}/{name}`,
    { patch: { 'x-kubernetes-group-version-kind': kindOf(group, kind), responses: {} } },
  ]);
  return {
    openapi: '3.0.0',
    info,
    paths: Object.fromEntries(paths) as Json,
    components: { schemas: Object.fromEntries(schemas) as Json },
  };
}

function schemaName({ group, version }: ApiGroup, { kind }: KubeResource): string {
  return `io.k8s.api.${group === '' ? 'core' : group.replace(/\..*/, '')}.${version}.${kind}`;
}

function schemaOf(group: ApiGroup, { kind }: KubeResource): JsonObject {
  return {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    'x-kubernetes-group-version-kind': [kindOf(group, kind)],
  };
}

function kindOf({ group, version }: ApiGroup, kind: string): JsonObject {
  return { group, version, kind };
}

import type { Json, JsonObject } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';
import { openApiOf, openApiV2, openApiV3 } from './open-api';
import { serverVersion } from './objects/server-version';
import type { KubeAnswer, KubeRequest } from './kube-request';
import { apiVersionOf, isStored, pathOf, verbsOf } from './resource-table';
import type { ApiGroup, KubeResource } from './resource-table';

interface Discovered {
  readonly cluster: Cluster;
  readonly groups: readonly ApiGroup[];
  readonly world: World;
}

/** Everything an API server says about itself, by path; undefined for a path that is no such thing. */
export function discovery(
  request: KubeRequest,
  { cluster, groups, world }: Discovered,
): KubeAnswer | undefined {
  const { path } = request;
  if (['/healthz', '/livez', '/readyz'].includes(path)) return plain('ok');
  if (path === '/version') return json(versionOf(serverVersion(cluster, world)));
  return ofGroups(request, groups);
}

function ofGroups(request: KubeRequest, groups: readonly ApiGroup[]): KubeAnswer | undefined {
  const { path } = request;
  if (path === '/api' || path === '/apis') return groupsAt(path, request, groups);
  if (path === '/openapi/v2') return json(openApiV2(groups));
  if (path === '/openapi/v3') return json(openApiV3(groups));
  const one = /^\/apis\/([^/]+)$/.exec(path)?.[1];
  const named = groups.find(({ group }) => one !== undefined && group === one);
  if (named) return json({ kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(named) });
  const found = groups.find((each) => [pathOf(each), `/openapi/v3${pathOf(each)}`].includes(path));
  if (found) return json(path.startsWith('/openapi') ? openApiOf(found) : resourceList(found));
  return undefined;
}

function plain(text: string): KubeAnswer {
  return { status: 200, text, contentType: 'text/plain; charset=utf-8' };
}

function json(body: Json): KubeAnswer {
  return { status: 200, body };
}

function versionOf(version: string): Json {
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
function groupsAt(path: string, { headers }: KubeRequest, groups: readonly ApiGroup[]): KubeAnswer {
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
          categories: resource.categories ?? [],
          subresources: below(resource).map(({ name, ...subresource }) => ({
            subresource: name,
            ...subresource,
          })),
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
    resources: group.resources.flatMap(listed),
  };
}

function listed(resource: KubeResource): readonly JsonObject[] {
  const { name, singular: singularName, namespaced, kind, shortNames, categories = [] } = resource;
  return [
    { name, singularName, namespaced, kind, verbs: verbsOf(resource), shortNames, categories },
    ...below(resource).map(({ name: last, responseKind, verbs }) => {
      const { kind: answered, ...version } = responseKind;
      const other = version.version === '' ? {} : version;
      const path = `${name}/${last}`;
      return { name: path, singularName: '', namespaced, ...other, kind: answered, verbs };
    }),
  ];
}

interface Below extends JsonObject {
  readonly name: string;
  readonly responseKind: {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  };
  readonly verbs: readonly string[];
}

const belowKinds: Readonly<
  Record<string, readonly [group: string, version: string, kind: string]>
> = {
  scale: ['autoscaling', 'v1', 'Scale'],
  token: ['authentication.k8s.io', 'v1', 'TokenRequest'],
  eviction: ['policy', 'v1', 'Eviction'],
};

const belowVerbs: Readonly<Record<string, readonly string[]>> = {
  token: ['create'],
  eviction: ['create'],
  log: ['get'],
  proxy: ['create', 'delete', 'get', 'patch', 'update'],
  finalize: ['update'],
};

function below(resource: KubeResource): readonly Below[] {
  if (!isStored(resource)) return [];
  return resource.subresources.map((name) => {
    const [group, version, kind] = belowKinds[name] ?? ['', '', resource.kind];
    const verbs = belowVerbs[name] ?? ['get', 'patch', 'update'];
    return { name, responseKind: { group, version, kind }, verbs };
  });
}

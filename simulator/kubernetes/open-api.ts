import type { Json, JsonObject } from '../json';
import { pathOf } from './resource-table';
import type { ApiGroup, KubeResource } from './resource-table';

const info = { title: 'Kubernetes', version: 'v1' };

/** Definitions of the kinds, which say nothing of their content. */
export function openApiV2(groups: readonly ApiGroup[]): Json {
  const definitions = groups.flatMap((group) =>
    group.resources.map((resource) => [schemaName(group, resource), schemaOf(group, resource)]),
  );
  return { swagger: '2.0', info, paths: {}, definitions: Object.fromEntries(definitions) as Json };
}

/** Where each group is described. */
export function openApiV3(groups: readonly ApiGroup[]): Json {
  const paths = groups.map((group) => {
    const path = pathOf(group);
    return [path.slice(1), { serverRelativeURL: `/openapi/v3${path}` }];
  });
  return { paths: Object.fromEntries(paths) as Json };
}

/** Objects of any content: the schemas name the kinds and say no more. */
export function openApiOf(group: ApiGroup): Json {
  const schemas = group.resources.map((resource) => [
    schemaName(group, resource),
    schemaOf(group, resource),
  ]);
  const paths = group.resources.map((resource) => [
    itemPath(group, resource),
    operations(group, resource),
  ]);
  return {
    openapi: '3.0.0',
    info,
    paths: Object.fromEntries(paths) as Json,
    components: { schemas: Object.fromEntries(schemas) as Json },
  };
}

/** Clients look here for what a write may ask: from `dryRun` and `fieldValidation` they know that the server checks. */
function operations(group: ApiGroup, { kind, namespaced }: KubeResource): JsonObject {
  const inQuery = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) =>
    parameter(name, 'query'),
  );
  const inPath = [...(namespaced ? ['namespace'] : []), 'name'].map((name) =>
    parameter(name, 'path'),
  );
  const patch = {
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': kindOf(group, kind),
    parameters: inQuery,
    responses: {},
  };
  return { parameters: inPath, patch };
}

function parameter(name: string, place: 'query' | 'path'): JsonObject {
  return {
    name,
    in: place,
    required: place === 'path',
    schema: { type: 'string', uniqueItems: true },
  };
}

function itemPath(group: ApiGroup, { name, namespaced }: KubeResource): string {
  return `${pathOf(group)}${namespaced ? '/namespaces/{namespace}' : ''}/${name}/{name}`;
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

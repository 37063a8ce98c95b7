import type { Json, JsonObject } from '../json';
import { without } from './object-parts';
import type { KubeObject, KubeResource } from './resource-table';

/** How a caller wants objects: whole, as rows to print, or their metadata only. */
export type Representation = 'object' | 'Table' | 'PartialObjectMetadata';

/** The first media type of an `Accept` header that can be answered; undefined when there is none. */
export function representationFor(accept: string | undefined): Representation | undefined {
  if (accept === undefined) return 'object';
  for (const type of accept.split(',').map((part) => part.replace(/\s/g, ''))) {
    const [media = '', ...parameters] = type.split(';');
    if (!['application/json', 'application/*', '*/*'].includes(media)) continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return 'object';
    if (as === 'Table') return 'Table';
    if (as.startsWith('PartialObjectMetadata')) return 'PartialObjectMetadata';
  }
  return undefined;
}

export interface Shown {
  readonly resource: KubeResource;
  readonly apiVersion: string;
  readonly as: Representation;
  /** `includeObject` of a table. */
  readonly include: string | undefined;
  readonly now: number;
  /** Whether the items of a list go without `apiVersion` and `kind`, as those of built-in resources do. */
  readonly bare?: boolean;
}

export function showObject(object: KubeObject, shown: Shown): Json {
  if (shown.as === 'object') return object;
  if (shown.as === 'PartialObjectMetadata') return partial(object);
  const { resourceVersion } = object.metadata;
  return table([object], { resourceVersion }, shown);
}

export function showList(objects: readonly KubeObject[], metadata: JsonObject, shown: Shown): Json {
  if (shown.as === 'Table') return table(objects, metadata, shown);
  if (shown.as === 'PartialObjectMetadata') {
    const kind = 'PartialObjectMetadataList';
    return { kind, apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(partial) };
  }
  const { apiVersion, resource, bare = false } = shown;
  const items = bare ? objects.map((one) => without(one, 'apiVersion', 'kind')) : objects;
  return { kind: `${resource.kind}List`, apiVersion, metadata, items };
}

function table(objects: readonly KubeObject[], metadata: JsonObject, shown: Shown): Json {
  const { resource, include, now } = shown;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: resource.columns.map(({ name, type, format = '', priority }) => ({
      name,
      type,
      format,
      description: name,
      priority,
    })),
    rows: objects.map((object) => ({
      cells: resource.columns.map((column) => column.value(object, now)),
      ...(include !== 'None' && { object: include === 'Object' ? object : partial(object) }),
    })),
  };
}

function partial({ metadata }: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

import type { JsonObject } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import type { ObjectAddress } from '../objects/object-store';
import type { KubeAnswer } from '../kube-request';
import { qualifiedName } from '../resource-table';
import type { KubeObject, ServedResource } from '../resource-table';
import { failure, objectFailure } from '../status';

/** Who writes, as `managedFields` remember it. */
export interface FieldManager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Takes fields from others on Apply. */
  readonly force: boolean;
}

/** One write: where, by whom, and whether it is kept. */
export interface WriteContext extends ServedResource {
  readonly cluster: Cluster;
  readonly world: World;
  /** Empty for what belongs to no namespace. */
  readonly namespace: string;
  readonly manager: FieldManager;
  readonly dryRun: boolean;
}

/** What came of a write; a refusal changed nothing. */
export type Written =
  { readonly object: KubeObject; readonly status: 200 | 201 } | { readonly refused: KubeAnswer };

export function addressIn(context: WriteContext, name: string): ObjectAddress {
  const { cluster, namespace, group, resource } = context;
  return { cluster: cluster.id, resource: qualifiedName(group, resource), namespace, name };
}

export function detailsOf({ group, resource }: ServedResource, name: string): JsonObject {
  return { name, ...(group.group !== '' && { group: group.group }), kind: resource.name };
}

/** How messages name a resource: with its group. */
export function titleOf({ group, resource }: ServedResource): string {
  return qualifiedName(group, resource);
}

export function notFound(served: ServedResource, name: string): KubeAnswer {
  return failure(404, `${titleOf(served)} "${name}" not found`, detailsOf(served, name));
}

export function alreadyExists(served: ServedResource, name: string): KubeAnswer {
  return objectFailure(409, `${titleOf(served)} "${name}" already exists`, {
    reason: 'AlreadyExists',
    details: detailsOf(served, name),
  });
}

const modified =
  'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(served: ServedResource, name: string, why = modified): KubeAnswer {
  return failure(
    409,
    `Operation cannot be fulfilled on ${titleOf(served)} "${name}": ${why}`,
    detailsOf(served, name),
  );
}

export function forbidden(served: ServedResource, name: string, why: string): KubeAnswer {
  const message = `${titleOf(served)} "${name}" is forbidden: ${why}`;
  return failure(403, message, detailsOf(served, name));
}

/** One thing that is wrong with an object. */
export interface Cause {
  readonly reason: 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueForbidden';
  readonly field: string;
  readonly message: string;
}

/** 422 with all that is wrong. */
export function invalid(
  served: ServedResource,
  name: string,
  causes: readonly Cause[],
): KubeAnswer {
  const { group, resource } = served;
  const kind = group.group === '' ? resource.kind : `${resource.kind}.${group.group}`;
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts.join('') : `[${texts.join(', ')}]`;
  const details: JsonObject = {
    ...detailsOf(served, name),
    kind: resource.kind,
    causes: causes.map((cause) => ({ ...cause })),
  };
  return failure(422, `${kind} "${name}" is invalid: ${list}`, details);
}

import { textAt } from '../../json';
import type { JsonObject } from '../../json';
import { ensureDefaultAccount } from '../objects/built-in-objects';
import { nameOf, said, without } from '../object-parts';
import { apiVersionOf } from '../resource-table';
import type { KubeObject } from '../resource-table';
import { failure } from '../status';
import { keepsGeneration } from './generation';
import { nameCauses, nameFor } from './names';
import { namespaceRefusal } from './namespaces';
import { prepareNew } from './prepare';
import { timeText } from './times';
import { addressIn, alreadyExists, invalid } from './write-context';
import type { WriteContext, Written } from './write-context';

/**
 * Creates an object: names it, gives it what the server gives, admits, checks and keeps it. Also for controllers, whose
 * pods pass the same admissions.
 */
export function createObject(context: WriteContext, asked: KubeObject): Written {
  const { world, dryRun } = context;
  const mistaken = mismatch(context, asked);
  if (mistaken !== undefined) return { refused: failure(400, mistaken) };
  const name = freeName(context, asked);
  const causes = nameCauses(context, name);
  if (causes.length > 0) return { refused: invalid(context, name, causes) };
  const refused = namespaceRefusal(context, name);
  if (refused) return { refused };
  if (world.objects.get(addressIn(context, name))) return { refused: alreadyExists(context, name) };
  const prepared = prepareNew(context, born(context, asked, name));
  if ('refused' in prepared) return prepared;
  return { object: dryRun ? prepared.object : kept(context, prepared.object), status: 201 };
}

/** A namespace is kept together with its default service account. */
function kept(context: WriteContext, object: KubeObject): KubeObject {
  const { world } = context;
  const { resource, cluster } = addressIn(context, nameOf(object));
  const created = world.objects.put({ resource, cluster }, object);
  if (resource === 'namespaces') {
    ensureDefaultAccount({ cluster, namespace: nameOf(object) }, world);
  }
  return created;
}

/** A generated name that is taken is generated anew, as newer servers do. */
function freeName(context: WriteContext, asked: KubeObject): string {
  const { world, dryRun } = context;
  const seed = dryRun ? `dry run ${world.clock.now()}` : undefined;
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const of = seed ?? world.guid();
    const name = nameFor(asked, (index) => world.seed.fraction('name', of, attempt, index));
    const generated = name !== textAt(asked, 'metadata', 'name');
    if (!generated || world.objects.get(addressIn(context, name)) === undefined) return name;
  }
  return '';
}

const serverOwned = ['resourceVersion', 'deletionTimestamp', 'selfLink'];

/** What the server decides about a new object. */
function born(context: WriteContext, asked: KubeObject, name: string): KubeObject {
  const { world, namespace, resource, group, dryRun } = context;
  const now = world.clock.now();
  const uid = dryRun ? world.seed.guid('dry run', resource.name, name, now) : world.guid();
  const metadata: JsonObject = {
    ...without(asked.metadata, ...serverOwned, ...ownedBefore(context)),
    name,
    ...(resource.namespaced && { namespace }),
    uid,
    creationTimestamp: timeText(now),
    ...(keepsGeneration(context) && { generation: 1 }),
  };
  return { ...asked, apiVersion: apiVersionOf(group), kind: resource.kind, metadata };
}

/** An apply has written down who owns what; nobody else may bring that along. */
function ownedBefore({ manager }: WriteContext): readonly string[] {
  return manager.operation === 'Apply' ? [] : ['managedFields'];
}

/** Why an object does not belong where it was sent. */
function mismatch(
  { group, resource, namespace }: WriteContext,
  asked: KubeObject,
): string | undefined {
  const { apiVersion = apiVersionOf(group), kind = resource.kind } = asked;
  if (apiVersion !== apiVersionOf(group)) {
    return `the API version in the data (${said(apiVersion)}) does not match the expected API version (${apiVersionOf(group)})`;
  }
  if (kind !== resource.kind) {
    return `the kind in the data (${said(kind)}) does not match the expected kind (${resource.kind})`;
  }
  const own = textAt(asked, 'metadata', 'namespace') ?? namespace;
  if (own === namespace || own === '') return undefined;
  return 'the namespace of the provided object does not match the namespace sent on the request';
}

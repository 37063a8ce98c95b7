import type { KubeApi } from '../../clients/kubernetes/kube-api';
import type { ClusterId } from '../../domain/ids';
import { objectAt, textIn } from '../../domain/migration/json';
import type { Json } from '../../domain/migration/snapshot';
import { podIdentityGroup } from '../../domain/migration/words';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import { requireGoing } from './going';
import { removeObject } from './kube-objects';
import { remember } from './ledger';
import type { MigrationPlace } from './ledger';

const base = `/apis/${podIdentityGroup}/v1`;
const parkedSuffix = '-steward-off';

interface Named {
  /** `namespace/name` of AzureIdentity objects. */
  readonly identities: readonly string[];
}

/** How many objects of some pod identities there still are in a cluster. */
export const readBindings = defineActivity(
  insideNeeds,
  async (
    { clusterId, identities }: Named & { readonly clusterId: ClusterId },
    { clients },
  ): Promise<{ readonly left: number }> => {
    const kube = await clients.kubernetes(clusterId);
    const bindings = await bindingsOf(kube, identities);
    const objects = (await kube.list(`${base}/azureidentities`)) ?? [];
    const assigned = (await kube.list(`${base}/azureassignedidentities`)) ?? [];
    const identity = objects.filter((one) => identities.includes(placeOf(one)));
    const uses = assigned.filter((one) => identities.includes(assignedTo(one)));
    return { left: bindings.length + identity.length + uses.length };
  },
);

/**
 * Gives bindings a selector that no pod has: pods lose the identity, and get it back with one change. Idempotent.
 *
 * @returns how many bindings are out of reach just now by this.
 */
export const parkBindings = defineActivity(
  insideNeeds,
  async (
    { migrationId, clusterId, identities }: MigrationPlace & Named,
    { clients, log },
  ): Promise<{ readonly parked: number }> => {
    await requireGoing(clients.records, migrationId);
    const kube = await clients.kubernetes(clusterId);
    const bindings = await bindingsOf(kube, identities);
    for (const binding of bindings) {
      const selector = textIn(objectAt(binding, 'spec')['selector']);
      if (selector.endsWith(parkedSuffix)) continue;
      const path = pathOf('azureidentitybindings', binding);
      const place = { migrationId, clusterId };
      await remember(clients.records, place, { kind: 'object', path, object: binding });
      log.info('binding.parking', { clusterId, binding: placeOf(binding) });
      await kube.jsonPatch(path, [
        { op: 'test', path: '/spec/selector', value: selector },
        { op: 'replace', path: '/spec/selector', value: `${selector}${parkedSuffix}` },
      ]);
    }
    return { parked: bindings.length };
  },
);

/** Deletes pod identities of an open-source installation: their bindings, then themselves. Idempotent. */
export const deleteBindings = defineActivity(
  insideNeeds,
  async (
    { migrationId, clusterId, identities }: MigrationPlace & Named,
    { clients, log },
  ): Promise<{ readonly deleted: number }> => {
    const { records } = clients;
    await requireGoing(records, migrationId);
    const kube = await clients.kubernetes(clusterId);
    const place = { migrationId, clusterId };
    const bindings = await bindingsOf(kube, identities);
    log.info('bindings.deleting', { clusterId, bindings: bindings.length });
    for (const binding of bindings) {
      await removeObject({ kube, records, place }, pathOf('azureidentitybindings', binding));
    }
    const objects = (await kube.list(`${base}/azureidentities`)) ?? [];
    for (const identity of objects.filter((one) => identities.includes(placeOf(one)))) {
      await removeObject({ kube, records, place }, pathOf('azureidentities', identity));
    }
    return { deleted: bindings.length };
  },
);

async function bindingsOf(kube: KubeApi, identities: readonly string[]): Promise<readonly Json[]> {
  const all = (await kube.list(`${base}/azureidentitybindings`)) ?? [];
  return all.filter((binding) => {
    const namespace = textIn(objectAt(binding, 'metadata')['namespace']);
    const spec = objectAt(binding, 'spec');
    return identities.includes(
      `${namespace}/${textIn(spec['azureIdentity'] ?? spec['AzureIdentity'])}`,
    );
  });
}

/** The pod identity that an assignment is of; it carries a copy of it. */
function assignedTo(assignment: Json): string {
  const identity = objectAt(assignment, 'spec', 'azureIdentityRef');
  return placeOf(identity);
}

function placeOf(object: Json): string {
  const { namespace, name } = objectAt(object, 'metadata');
  return `${textIn(namespace)}/${textIn(name)}`;
}

function pathOf(plural: string, object: Json): string {
  const { namespace, name } = objectAt(object, 'metadata');
  return `${base}/namespaces/${textIn(namespace)}/${plural}/${textIn(name)}`;
}

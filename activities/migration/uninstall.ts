import { objectAt, objectsIn, textIn } from '../../domain/migration/json';
import type { Json } from '../../domain/migration/snapshot';
import { podIdentityGroup } from '../../domain/migration/words';
import { FailureError } from '../../domain/outcome';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import { requireGoing } from './going';
import { removeObject } from './kube-objects';
import type { MigrationPlace } from './ledger';

const graceSeconds = 30; // NMI takes its rules off the node in this time; killed hard it would leave them

const parts = {
  mic: {
    path: '/apis/apps/v1/deployments',
    plural: 'deployments',
    image: /aad-pod-identity\/mic[:@]/,
  },
  nmi: {
    path: '/apis/apps/v1/daemonsets',
    plural: 'daemonsets',
    image: /aad-pod-identity\/nmi[:@]/,
  },
} as const;

/**
 * Deletes one part of an open-source installation of pod identity. What Helm or AKS keeps is left alone. Idempotent.
 *
 * @returns the Helm release that keeps it; null for none.
 */
export const uninstallPart = defineActivity(
  insideNeeds,
  async (
    { migrationId, clusterId, part }: MigrationPlace & { readonly part: keyof typeof parts },
    { clients, log },
  ): Promise<{ readonly keptBy: string | null }> => {
    const { records } = clients;
    await requireGoing(records, migrationId);
    const { path, plural, image } = parts[part];
    const kube = await clients.kubernetes(clusterId);
    const all = (await kube.list(path)) ?? [];
    const found = all.filter((one) => runs(one, image) && !isOfAks(one));
    const releases = found.flatMap(helmRelease);
    if (releases.length > 0) return { keptBy: releases[0] ?? null };
    for (const object of found) {
      const { namespace, name } = objectAt(object, 'metadata');
      const where = `/apis/apps/v1/namespaces/${textIn(namespace)}/${plural}/${textIn(name)}`;
      log.info('podIdentity.uninstalling', { clusterId, part, name: textIn(name) });
      const from = { kube, records, place: { migrationId, clusterId } };
      await removeObject(from, where, { graceSeconds });
    }
    return { keptBy: null };
  },
);

const kinds = [
  'azureassignedidentities',
  'azureidentitybindings',
  'azureidentities',
  'azurepodidentityexceptions',
];

/**
 * Deletes the resource definitions of pod identity, exceptions with them. Idempotent.
 *
 * @throws FailureError `PodIdentityInUse` while anything but exceptions is left.
 */
export const removePodIdentityCrds = defineActivity(
  insideNeeds,
  async (
    { migrationId, clusterId }: MigrationPlace,
    { clients },
  ): Promise<{ readonly removed: number }> => {
    const { records } = clients;
    await requireGoing(records, migrationId);
    const kube = await clients.kubernetes(clusterId);
    const from = { kube, records, place: { migrationId, clusterId } };
    for (const plural of kinds) {
      const objects = (await kube.list(`/apis/${podIdentityGroup}/v1/${plural}`)) ?? [];
      if (objects.length > 0 && plural !== 'azurepodidentityexceptions')
        throw inUse(plural, clusterId);
      for (const object of objects) {
        const { namespace, name } = objectAt(object, 'metadata');
        const base = `/apis/${podIdentityGroup}/v1/namespaces/${textIn(namespace)}`;
        await removeObject(from, `${base}/${plural}/${textIn(name)}`);
      }
    }
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    for (const plural of kinds) {
      await removeObject(from, `${definitions}/${plural}.${podIdentityGroup}`);
    }
    return { removed: kinds.length };
  },
);

function runs(object: Json, image: RegExp): boolean {
  const { containers } = objectAt(object, 'spec', 'template', 'spec');
  return objectsIn(containers).some((one) => image.test(textIn(one['image'])));
}

function isOfAks(object: Json): boolean {
  const labels = objectAt(object, 'spec', 'template', 'metadata', 'labels');
  return labels['kubernetes.azure.com/managedby'] === 'aks';
}

function helmRelease(object: Json): readonly string[] {
  const { labels, annotations } = objectAt(object, 'metadata') as Readonly<Record<string, Json>>;
  const release = annotations?.['meta.helm.sh/release-name'];
  const byHelm = labels?.['app.kubernetes.io/managed-by'] === 'Helm';
  return byHelm && typeof release === 'string' ? [release] : [];
}

function inUse(plural: string, target: string): FailureError {
  return new FailureError({
    code: 'PodIdentityInUse',
    message: `There are still ${plural} in the cluster, which the plan does not know.`,
    next: 'Plan the migration again; the new plan is made from what there is.',
    target,
  });
}

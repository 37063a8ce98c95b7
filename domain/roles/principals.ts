import type { ClusterFacts } from '../cluster';
import type { ServicePrincipalReading } from '../snapshot';
import type { PrincipalKey } from './requirement';

/** Object id of each principal of a cluster; empty where the cluster does not show it. */
export type Principals = Readonly<Partial<Record<PrincipalKey, string>>>;

/**
 * Who holds the rights of a cluster today. With a service principal it is control plane and kubelet in
 * one; its object id is in the directory only.
 */
export function principalsOf(
  view: ClusterFacts & { readonly servicePrincipal?: ServicePrincipalReading },
): Principals {
  const { controlPlane, kubelet, addOns, appRouting } = view;
  const own =
    controlPlane.kind === 'servicePrincipal'
      ? (view.servicePrincipal?.objectId ?? '')
      : controlPlane.principalId;
  const nodes = controlPlane.kind === 'servicePrincipal' ? own : (kubelet?.objectId ?? '');
  return {
    controlPlane: own,
    kubelet: nodes,
    ...(appRouting && { webAppRouting: appRouting.identity?.objectId ?? '' }),
    ...Object.fromEntries(
      addOns.map(({ key, identity }) => [`addon:${key}`, identity?.objectId ?? '']),
    ),
  };
}

/** Object ids of a cluster's principals, lower-cased, each with the keys that it stands for. */
export function keysByPrincipal(
  principals: Principals,
): ReadonlyMap<string, readonly PrincipalKey[]> {
  const keys = new Map<string, PrincipalKey[]>();
  for (const [key, objectId = ''] of Object.entries(principals)) {
    if (objectId === '') continue;
    const id = objectId.toLowerCase();
    keys.set(id, [...(keys.get(id) ?? []), key as PrincipalKey]);
  }
  return keys;
}

import { at, objectAt, textAt } from '../../json';
import type { Json } from '../../json';
import type { Resource } from '../../resource-store';

/** An identity as a cluster names it. */
export interface NamedIdentity {
  /** Undefined for a system-assigned one. */
  readonly id: string | undefined;
  readonly clientId: string | undefined;
  readonly principalId: string | undefined;
}

/** The identity of the control plane; undefined for a service principal. */
export function controlPlaneOf(cluster: Resource): NamedIdentity | undefined {
  const [assigned] = Object.entries(objectAt(cluster, 'identity', 'userAssignedIdentities'));
  if (assigned !== undefined) return named(assigned[0], assigned[1]);
  const principalId = textAt(cluster, 'identity', 'principalId');
  return principalId === undefined
    ? undefined
    : { id: undefined, clientId: undefined, principalId };
}

/** The user-assigned identity of the kubelets. */
export function kubeletOf(cluster: Resource): NamedIdentity | undefined {
  const found = at(cluster, 'properties', 'identityProfile', 'kubeletidentity');
  const id = textAt(found, 'resourceId');
  const principalId = textAt(found, 'objectId');
  return id === undefined ? undefined : { id, clientId: textAt(found, 'clientId'), principalId };
}

function named(id: string, value: Json | undefined): NamedIdentity {
  const [clientId, principalId] = [textAt(value, 'clientId'), textAt(value, 'principalId')];
  return { id, clientId, principalId };
}

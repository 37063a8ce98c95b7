import { armName, canonicalArmId } from '../../ids';
import { objectAt, objectIn, objectsIn, textIn } from '../json';
import type { FleetReading, Json } from '../snapshot';
import { listIn, sortedBy } from './values';

/** A user-assigned managed identity as Azure has it. */
export interface FleetIdentity {
  readonly id: string;
  readonly clientId: string;
  readonly principalId: string;
  readonly tenantId: string;
  readonly location: string;
  /** Undefined where Azure would not tell. */
  readonly credentials?: readonly FleetCredential[];
}

export interface FleetCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

export interface FleetRoleAssignment {
  readonly name: string;
  /** GUID of the role. */
  readonly role: string;
  readonly principalId: string;
  readonly scope: string;
  readonly description: string;
}

/** A cluster as Azure has it, whether or not it is in scope. */
export interface FleetCluster {
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly properties: Json;
  readonly body: Json;
  /** Null while the cluster issues no tokens for workloads. */
  readonly issuer: string | null;
}

/** Keys are canonical ARM ids. */
export interface Fleet {
  readonly clusters: ReadonlyMap<string, FleetCluster>;
  readonly identities: ReadonlyMap<string, FleetIdentity>;
  readonly roleAssignments: readonly FleetRoleAssignment[];
  readonly vmss: readonly Json[];
}

export function readFleet(fleet: FleetReading): Fleet {
  const clusters = objectsIn(fleet.clusters).map(readCluster);
  const identities = objectsIn(fleet.identities).map(readIdentity);
  return {
    clusters: new Map(byId(clusters)),
    identities: new Map(byId(identities)),
    roleAssignments: sortedBy(
      objectsIn(fleet.roleAssignments).map(readAssignment),
      ({ name }) => name,
    ),
    vmss: sortedBy(objectsIn(fleet.vmss), ({ id }) => canonicalArmId(textIn(id))),
  };
}

function byId<T extends { readonly id: string }>(
  items: readonly T[],
): readonly (readonly [string, T])[] {
  const known = items.filter(({ id }) => id !== '');
  return sortedBy(known, ({ id }) => id).map((item) => [canonicalArmId(item.id), item]);
}

/** What a cluster that was not read shows: that it is in no state to be changed. */
export function unreadCluster(id: string): FleetCluster {
  return readCluster({ id });
}

function readCluster(body: Json): FleetCluster {
  const id = textIn(body['id']);
  const properties = objectAt(body, 'properties');
  const { enabled, issuerURL, issuerUrl } = objectAt(properties, 'oidcIssuerProfile');
  const issuer = textIn(issuerURL) || textIn(issuerUrl);
  return {
    id,
    name: textIn(body['name']) || (id.split('/').filter(Boolean).at(-1) ?? ''),
    subscriptionId: (id.split('/')[2] ?? '').toLowerCase(),
    properties,
    body,
    issuer: enabled === true && issuer !== '' ? issuer : null,
  };
}

function readIdentity(body: Json): FleetIdentity {
  const properties = objectAt(body, 'properties');
  const listed = body['federatedIdentityCredentials'];
  const credentials = Array.isArray(listed) && body['forbidden'] !== true;
  return {
    id: textIn(body['id']),
    clientId: textIn(properties['clientId']),
    principalId: textIn(properties['principalId']),
    tenantId: textIn(properties['tenantId']),
    location: textIn(body['location']).toLowerCase().replace(/ /g, ''),
    ...(credentials && { credentials: objectsIn(listed).map(readCredential) }),
  };
}

function readCredential(body: Json): FleetCredential {
  const { issuer, subject, audiences } = objectAt(body, 'properties');
  return {
    name: textIn(body['name']),
    issuer: textIn(issuer),
    subject: textIn(subject),
    audiences: listIn(audiences).map(textIn),
  };
}

function readAssignment(body: Json): FleetRoleAssignment {
  const { roleDefinitionId, principalId, scope, description } = objectAt(body, 'properties');
  return {
    name: textIn(body['name']),
    role: armName(canonicalArmId(textIn(roleDefinitionId))),
    principalId: textIn(principalId).toLowerCase(),
    scope: canonicalArmId(textIn(scope)),
    description: textIn(description),
  };
}

/** A pod identity of the add-on, as the cluster's body lists it. */
export interface AddonIdentity {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceId: string;
}

export function isAddonEnabled({ properties }: FleetCluster): boolean {
  return objectAt(properties, 'podIdentityProfile')['enabled'] === true;
}

/** Sorted by namespace and name. Entries without a name are none. */
export function addonIdentities(cluster: FleetCluster): readonly AddonIdentity[] {
  if (!isAddonEnabled(cluster)) return [];
  const profile = objectAt(cluster.properties, 'podIdentityProfile');
  const listed = objectsIn(profile['userAssignedIdentities']).map((entry) => {
    const [namespace, name] = [textIn(entry['namespace']), textIn(entry['name'])];
    const resourceId = textIn(objectIn(entry['identity'])['resourceId']);
    return { key: `${namespace}/${name}`, namespace, name, resourceId };
  });
  return sortedBy(
    listed.filter(({ name }) => name !== ''),
    ({ key }) => key,
  );
}

const managedIdentityId =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.managedidentity\/userassignedidentities\/[^/]+$/;

/** Whether an id names a user-assigned identity; only then can it be said that there is none. */
export function isManagedIdentityId(id: string): boolean {
  return managedIdentityId.test(canonicalArmId(id));
}

/** Pod identities of the add-on whose managed identity is gone: they fail every change of the cluster. */
export function deadAddonIdentities(
  cluster: FleetCluster,
  { identities }: Fleet,
): readonly AddonIdentity[] {
  return addonIdentities(cluster).filter(
    ({ resourceId }) =>
      isManagedIdentityId(resourceId) && !identities.has(canonicalArmId(resourceId)),
  );
}

export function kubeletIdentity({ properties }: FleetCluster): {
  readonly resourceId: string;
  readonly principalId: string;
} {
  const { resourceId, objectId } = objectAt(properties, 'identityProfile', 'kubeletidentity');
  return {
    resourceId: canonicalArmId(textIn(resourceId)),
    principalId: textIn(objectId).toLowerCase(),
  };
}

/** Principals that the control plane acts as. One that the cluster does not show is taken from the identity. */
export function clusterPrincipals({ body }: FleetCluster, fleet: Fleet): readonly string[] {
  const identity = objectAt(body, 'identity');
  const assigned = Object.entries(objectAt(identity, 'userAssignedIdentities')).map(
    ([id, shown]) =>
      textIn(objectIn(shown)['principalId']) ||
      (fleet.identities.get(canonicalArmId(id))?.principalId ?? ''),
  );
  const all = [textIn(identity['principalId']), ...assigned];
  return all.filter((principal) => principal !== '').map((principal) => principal.toLowerCase());
}

/** Canonical id of the group that the nodes are in. */
export function nodeResourceGroup({ subscriptionId, properties }: FleetCluster): string {
  const group = textIn(properties['nodeResourceGroup']);
  return canonicalArmId(`/subscriptions/${subscriptionId}/resourceGroups/${group}`);
}

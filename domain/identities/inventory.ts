import { armName, canonicalArmId, sameArmId } from '../ids';
import type { Excess } from '../roles/excess';
import type { PrincipalKey, StatedRequirement } from '../roles/requirement';
import type { ClusterView } from '../snapshot';
import { roleLabel } from '../roles/built-in-roles';

/** One identity that a cluster has, or that its workloads use. */
export interface IdentityEntry {
  /** `controlPlane`, `kubelet`, `addon:<key>`, `webAppRouting`, `podIdentity:<namespace>/<name>`, `workload:<name>`. */
  readonly key: string;
  readonly kind: 'servicePrincipal' | 'systemAssigned' | 'userAssigned';
  readonly purpose: string;
  /** Who made it, and takes it away with the cluster. */
  readonly madeBy: 'aks' | 'you';
  readonly resourceId?: string;
  readonly clientId?: string;
  /** Empty where it is not known. */
  readonly objectId: string;
  /** When the last secret ends; of service principals. */
  readonly secretEndsAt?: string;
  readonly needs: readonly NeededRole[];
  readonly excess: readonly ExcessRole[];
  readonly federatedCredentials: readonly {
    readonly name: string;
    readonly issuer: string;
    readonly subject: string;
  }[];
}

export interface NeededRole extends Pick<
  StatedRequirement,
  'role' | 'scope' | 'state' | 'why' | 'leastPrivilege'
> {
  readonly requirement: string;
}

export interface ExcessRole {
  readonly kind: Excess['kind'];
  readonly assignment: string;
  readonly role: string;
  readonly scope: string;
}

type Known = Omit<IdentityEntry, 'needs' | 'excess' | 'federatedCredentials'>;

/** What has been worked out about the roles of a cluster. */
export interface RoleReading {
  readonly requirements: readonly StatedRequirement[];
  readonly excess: readonly Excess[];
}

/** Every identity of a cluster with what it is for, what it needs and what it has too much of. */
export function identityInventory(view: ClusterView, roles: RoleReading): readonly IdentityEntry[] {
  const entries = [
    controlPlane(view),
    kubelet(view),
    ...addOns(view),
    ...podIdentities(view),
  ].flatMap((entry) => entry ?? []);
  return [...entries, ...workloads(view, entries)].map((entry) => ({
    ...entry,
    needs: needsOf(entry.key, roles),
    excess: excessOf(entry.key, roles),
    federatedCredentials: credentialsOf(entry, view),
  }));
}

const controlPlanePurpose = 'control plane: networks, load balancers, disks, scale sets';
const kubeletPurpose = 'nodes: image pulls, and whatever pods take from the metadata service';

function controlPlane({ controlPlane: identity, servicePrincipal }: ClusterView): Known {
  const common = { key: 'controlPlane', purpose: controlPlanePurpose };
  switch (identity.kind) {
    case 'servicePrincipal':
      return {
        ...common,
        kind: identity.kind,
        madeBy: 'you',
        clientId: identity.clientId,
        objectId: servicePrincipal?.objectId ?? '',
        ...(servicePrincipal?.secretEndsAt !== undefined && {
          secretEndsAt: servicePrincipal.secretEndsAt,
        }),
      };
    case 'systemAssigned':
      return { ...common, kind: identity.kind, madeBy: 'aks', objectId: identity.principalId };
    case 'userAssigned':
      return {
        ...common,
        kind: identity.kind,
        madeBy: 'you',
        resourceId: identity.resourceId,
        objectId: identity.principalId,
      };
  }
}

function kubelet(view: ClusterView): Known | undefined {
  const { controlPlane: identity, kubelet: own, servicePrincipal } = view;
  if (identity.kind === 'servicePrincipal') {
    const { clientId } = identity;
    const objectId = servicePrincipal?.objectId ?? '';
    return {
      key: 'kubelet',
      kind: 'servicePrincipal',
      purpose: kubeletPurpose,
      madeBy: 'you',
      clientId,
      objectId,
    };
  }
  return own && { key: 'kubelet', purpose: kubeletPurpose, ...userAssigned(own, view) };
}

function addOns(view: ClusterView): readonly Known[] {
  const { appRouting } = view;
  const found = view.addOns.flatMap(({ key, identity }) =>
    identity
      ? [{ key: `addon:${key}`, purpose: `add-on ${key}`, ...userAssigned(identity, view) }]
      : [],
  );
  return appRouting?.identity
    ? [
        ...found,
        {
          key: 'webAppRouting',
          purpose: 'application routing: DNS records and certificates',
          ...userAssigned(appRouting.identity, view),
        },
      ]
    : found;
}

function podIdentities(view: ClusterView): readonly Known[] {
  return view.podIdentity.entries.map(({ namespace, name, identityId, objectId = '' }) => ({
    key: `podIdentity:${namespace}/${name}`,
    kind: 'userAssigned',
    purpose: 'pods that select it (deprecated)',
    madeBy: 'you',
    resourceId: identityId,
    objectId,
  }));
}

/** Identities that are nothing to the cluster itself: workloads take their tokens through its issuer. */
function workloads(view: ClusterView, known: readonly Known[]): readonly Known[] {
  const { federatedCredentials = [], oidcIssuer } = view;
  const ids = federatedCredentials
    .filter(({ issuer }) => oidcIssuer !== '' && trimmed(issuer) === trimmed(oidcIssuer))
    .map(({ identity }) => identity)
    .filter((id) => !known.some(({ resourceId = '' }) => sameArmId(resourceId, id)));
  const distinct = new Map(ids.map((id) => [canonicalArmId(id), id]));
  return [...distinct.values()].sort().map((resourceId) => ({
    key: `workload:${armName(resourceId)}`,
    kind: 'userAssigned',
    purpose: 'workloads whose service accounts it trusts',
    madeBy: 'you',
    resourceId,
    objectId: '',
  }));
}

function trimmed(issuer: string): string {
  return issuer.toLowerCase().replace(/\/+$/, '');
}

function userAssigned(
  identity: { readonly resourceId: string; readonly objectId: string; readonly clientId?: string },
  { nodeResourceGroup }: ClusterView,
): Omit<Known, 'key' | 'purpose'> {
  const { resourceId, objectId, clientId } = identity;
  // AKS makes the identity of which a cluster shows no more than who it is.
  const inNodeGroup =
    resourceId === '' ||
    resourceId.toLowerCase().includes(`/resourcegroups/${nodeResourceGroup.toLowerCase()}/`);
  return {
    kind: 'userAssigned',
    madeBy: inNodeGroup ? 'aks' : 'you',
    resourceId,
    objectId,
    ...(clientId !== undefined && { clientId }),
  };
}

function needsOf(key: string, { requirements }: RoleReading): readonly NeededRole[] {
  return requirements
    .filter(({ principal }) => principal === (key as PrincipalKey))
    .map(({ id, role, scope, state, why, leastPrivilege }) => ({
      requirement: id,
      role,
      scope,
      state,
      why,
      leastPrivilege,
    }));
}

function excessOf(key: string, { excess }: RoleReading): readonly ExcessRole[] {
  return excess
    .filter(({ principal }) => principal === (key as PrincipalKey))
    .map(({ kind, assignment }) => ({
      kind,
      assignment: assignment.id,
      role: roleLabel(assignment.role),
      scope: assignment.scope,
    }));
}

function credentialsOf(
  { resourceId }: Known,
  { federatedCredentials = [] }: ClusterView,
): IdentityEntry['federatedCredentials'] {
  if (resourceId === undefined) return [];
  return federatedCredentials
    .filter(({ identity }) => sameArmId(identity, resourceId))
    .map(({ name, issuer, subject }) => ({ name, issuer, subject }));
}

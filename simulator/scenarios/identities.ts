import type { JsonObject } from '../json';
import type { Resource } from '../resource-store';
import type { Seed } from '../seed';
import type { ClusterPlan } from './names';
import { networkGroup, routeTableId, subnetId } from './network';
import { roleAssignment, roles } from './role-assignment';
import { registryId } from './registry';

export interface Identity {
  readonly id: string;
  readonly clientId: string;
  readonly principalId: string;
}

/** Who a cluster is, and the resources and role assignments that come with it. */
export interface Identities {
  /** The service principal a cluster has, or had. */
  readonly servicePrincipal: Omit<Identity, 'id'>;
  readonly controlPlane: Identity | undefined;
  readonly kubelet: Identity | undefined;
  readonly podIdentities: readonly (Identity & { readonly dead: boolean })[];
  readonly resources: readonly Resource[];
}

/** The service principal that a made-up cluster of this name has, or had. */
export function servicePrincipalOf(seed: Seed, name: string): Identities['servicePrincipal'] {
  return {
    clientId: seed.guid('service principal', name),
    principalId: seed.guid('service principal object', name),
  };
}

/** Managed clusters get a control-plane and a kubelet identity; every cluster has the roles it needs today. */
export function identitiesOf(plan: ClusterPlan): Identities {
  const { traits, seed, name } = plan;
  const managed = traits.has('clean') || traits.has('halfMigrated');
  const servicePrincipal = servicePrincipalOf(seed, name);
  const controlPlane = managed ? identity(plan, plan.group, `id-${name}`) : undefined;
  const kubelet = managed ? identity(plan, plan.nodeGroup, `${name}-agentpool`) : undefined;
  const podIdentities = podIdentitiesOf(plan);
  const known = [controlPlane, kubelet, ...podIdentities.filter(({ dead }) => !dead)];
  const acting = controlPlane?.principalId ?? servicePrincipal.principalId;
  const pulling = kubelet?.principalId ?? servicePrincipal.principalId;
  return {
    servicePrincipal,
    controlPlane,
    kubelet,
    podIdentities,
    resources: [
      ...known.flatMap((one) => (one ? [identityResource(plan, one)] : [])),
      ...(controlPlane ? [nodeGroupRole(plan, controlPlane.principalId)] : []),
      ...networkRoles(plan, acting),
      roleAssignment(plan, { role: roles.acrPull, principalId: pulling, scope: registryId(plan) }),
      ...podIdentities
        .filter(({ dead }) => !dead)
        .map(({ id }) =>
          roleAssignment(plan, {
            role: roles.managedIdentityOperator,
            principalId: acting,
            scope: id,
          }),
        ),
    ],
  };
}

/** AKS itself lets the control plane do anything in the node resource group. */
function nodeGroupRole(plan: ClusterPlan, principalId: string): Resource {
  const scope = `/subscriptions/${plan.subscription.id}/resourceGroups/${plan.nodeGroup}`;
  return roleAssignment(plan, { role: roles.contributor, principalId, scope });
}

/** Half of the service principals hold the role on the whole network group, as people often grant it. */
function networkRoles(plan: ClusterPlan, principalId: string): readonly Resource[] {
  const role = roles.networkContributor;
  const scopes = [subnetId(plan) ?? [], routeTableId(plan) ?? []].flat();
  const broad = !plan.traits.has('clean') && plan.seed.fraction('broad role', plan.name) < 0.5;
  if (broad && scopes.length > 0) {
    return [roleAssignment(plan, { role, principalId, scope: networkGroup(plan) })];
  }
  return scopes.map((scope) => roleAssignment(plan, { role, principalId, scope }));
}

function podIdentitiesOf(plan: ClusterPlan): Identities['podIdentities'] {
  const { traits, team } = plan;
  const dead = traits.has('deadPodIdentity');
  if (!dead && !traits.has('livePodIdentity')) return [];
  return [`${team}-api`, `${team}-worker`].map((name) => ({
    ...identity(plan, plan.group, `id-${name}-${plan.name}`),
    dead,
  }));
}

function identity({ subscription, seed }: ClusterPlan, group: string, name: string): Identity {
  const id = `/subscriptions/${subscription.id}/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  return {
    id,
    clientId: seed.guid('client', id.toLowerCase()),
    principalId: seed.guid('principal', id.toLowerCase()),
  };
}

function identityResource(plan: ClusterPlan, { id, clientId, principalId }: Identity): Resource {
  const properties: JsonObject = { tenantId: plan.tenantId, principalId, clientId };
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    location: plan.region.name,
    tags: {},
    properties,
  };
}

import { toClusterFacts } from '../arm/cluster-facts';
import type { ClusterFacts } from '../cluster';
import { armName, clusterIdParts } from '../ids';
import type {
  ClusterView,
  FederatedCredential,
  FormerPrincipal,
  RoleAssignment,
  ServicePrincipalReading,
  Surroundings,
} from '../snapshot';
import type { Bundle, BundleContext } from './context';
import { featureName } from './bundle-policy';
import { kubernetesReading } from './kubernetes-objects';
import { linkedReadings } from './linked-resources';

/** A bundle as the view that a run would have of the cluster. @throws Error for what is no cluster. */
export function bundleView({ cluster, context }: Bundle): ClusterView {
  const facts = withPrincipal(toClusterFacts(cluster), context);
  const { resources, identitiesComplete = false } = context;
  return {
    ...facts,
    ...(resources && linkedReadings(facts, resources, identitiesComplete)),
    ...roleReadings(context),
    ...subscriptionReadings(facts, context),
    ...identityReadings(facts, context),
  };
}

/** A cluster may not show the principal of its user-assigned identity yet; the identity does. */
function withPrincipal(facts: ClusterFacts, { resources = [] }: BundleContext): ClusterFacts {
  const { controlPlane } = facts;
  if (controlPlane.kind !== 'userAssigned' || controlPlane.principalId !== '') return facts;
  const id = controlPlane.resourceId.toLowerCase();
  const principalId = resources.find((one) => one.id.toLowerCase() === id)?.properties[
    'principalId'
  ];
  return typeof principalId === 'string'
    ? { ...facts, controlPlane: { ...controlPlane, principalId } }
    : facts;
}

function roleReadings(context: BundleContext): Surroundings {
  const { roleAssignments, groups, managementGroups, roleAssignmentUsage } = context;
  const { denyAssignments, roleDefinitions } = context;
  return {
    ...(roleAssignments && { assignments: distinct(roleAssignments.map(toRoleAssignment)) }),
    ...(groups && { groups: lowerKeys(groups) }),
    ...(managementGroups && { managementGroups: lowerKeys(managementGroups) }),
    ...(denyAssignments && {
      denials: denyAssignments.map(({ properties }) => ({
        scope: properties.scope,
        permissions: properties.permissions,
        principals: everybody(properties.principals.map(({ id }) => id)),
        excluded: properties.excludePrincipals.map(({ id }) => id),
        notBelow: properties.doNotApplyToChildScopes === true,
      })),
    }),
    ...(roleDefinitions && {
      customRoles: Object.fromEntries(
        roleDefinitions.map(({ id, name, properties }) => [
          (name !== '' ? name : armName(id)).toLowerCase(),
          properties.permissions,
        ]),
      ),
    }),
    ...(roleAssignmentUsage && { assignmentUsage: roleAssignmentUsage }),
  };
}

/** Each assignment once; exports of several scopes repeat what is inherited. */
function distinct(assignments: readonly RoleAssignment[]): readonly RoleAssignment[] {
  return [...new Map(assignments.map((one) => [one.id.toLowerCase(), one])).values()];
}

const allPrincipals = '00000000-0000-0000-0000-000000000000';

function everybody(ids: readonly string[]): readonly string[] {
  return ids.includes(allPrincipals) ? [] : ids;
}

function toRoleAssignment({
  id,
  name,
  properties,
}: NonNullable<BundleContext['roleAssignments']>[number]): RoleAssignment {
  return {
    id: id !== '' ? id : name,
    scope: properties.scope,
    principalId: properties.principalId,
    role: armName(properties.roleDefinitionId.replace(/\/+$/, '')).toLowerCase(),
    conditional: properties.condition !== '',
    ...(properties.description !== '' && { description: properties.description }),
  };
}

function lowerKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]),
  );
}

function subscriptionReadings(facts: ClusterFacts, context: BundleContext): Surroundings {
  const { upgradeProfiles, features, providers, otherClusters } = context;
  const others = otherClusters?.map(toClusterFacts).filter(({ id }) => id !== facts.id);
  const { subscriptionId } = clusterIdParts(facts.id);
  const users = [facts, ...(others ?? [])].filter(
    ({ id, podIdentity }) =>
      podIdentity.enabled && clusterIdParts(id).subscriptionId === subscriptionId,
  ).length;
  return {
    ...(upgradeProfiles && {
      latestImages: Object.fromEntries(
        Object.entries(upgradeProfiles).map(([pool, profile]) => [
          pool,
          profile.latestNodeImageVersion,
        ]),
      ),
    }),
    ...(features && {
      features: Object.fromEntries(
        Object.entries(features).map(([name, { state, since }]) => [
          featureName(name),
          { state, usedBy: users, ...(since !== '' && { since }) },
        ]),
      ),
    }),
    ...(providers && { providers }),
    ...(others && { otherClusters: others }),
  };
}

function identityReadings(facts: ClusterFacts, context: BundleContext): Surroundings {
  const { graph, kubernetes, federatedCredentials, formerPrincipals, identityChangedAt } = context;
  return {
    ...(graph && { servicePrincipal: servicePrincipal(facts, graph) }),
    ...(graph?.orphans && { orphans: graph.orphans }),
    ...(kubernetes && { kubernetes: kubernetesReading(kubernetes.objects) }),
    ...(federatedCredentials && {
      federatedCredentials: federatedCredentials.map(toFederatedCredential),
    }),
    ...(formerPrincipals && { formerPrincipals: formerPrincipals.map(toFormerPrincipal) }),
    ...(identityChangedAt !== undefined && { identityChangedAt }),
  };
}

function servicePrincipal(
  { shown }: ClusterFacts,
  graph: NonNullable<BundleContext['graph']>,
): ServicePrincipalReading {
  const isOwn = ({ appId }: { readonly appId: string }) =>
    appId !== '' && appId.toLowerCase() === shown.clientId.toLowerCase();
  const principal = graph.servicePrincipals.find(isOwn);
  const application = graph.applications.find(isOwn);
  const ends = [principal, application]
    .flatMap((one) => [...(one?.passwordCredentials ?? []), ...(one?.keyCredentials ?? [])])
    .map(({ endDateTime }) => endDateTime)
    .filter((end) => !Number.isNaN(Date.parse(end)))
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  const last = ends.at(-1);
  return { objectId: principal?.id ?? '', ...(last !== undefined && { secretEndsAt: last }) };
}

function toFormerPrincipal({
  kind,
  objectId,
  appId,
  until,
}: NonNullable<BundleContext['formerPrincipals']>[number]): FormerPrincipal {
  const known = ['servicePrincipal', 'systemAssigned', 'userAssigned', 'kubelet'] as const;
  return {
    kind: known.find((one) => one === kind) ?? 'servicePrincipal',
    objectId,
    until,
    ...(appId !== '' && { appId }),
  };
}

function toFederatedCredential(
  body: NonNullable<BundleContext['federatedCredentials']>[number],
): FederatedCredential {
  const { id, name, identity, properties } = body;
  const [owner = ''] = id.split(/\/federatedIdentityCredentials\//i);
  return {
    identity: identity !== '' ? identity : owner,
    name: name !== '' ? name : armName(id),
    issuer: properties?.issuer ?? '',
    subject: properties?.subject ?? '',
    audiences: properties?.audiences ?? [],
  };
}

import type { Capability } from './permissions';

/** A custom role that a deployment can grant Steward: one for each capability, and one for a way into clusters. */
export type RolePart = Capability | 'privateClusters';

export interface RolePartText {
  readonly title: string;
  readonly description: string;
  /** Where to assign it. */
  readonly where: string;
  /** What does not work without it. */
  readonly without: string;
}

const clusters = 'resource groups of the clusters, and of what they are linked to';

/** What an operator reads of each role. Every one of them builds on `report`, and repeats what it shares with it. */
export const roleParts: Readonly<Record<RolePart, RolePartText>> = {
  report: {
    title: 'Steward Reader',
    description: 'Lets Steward see clusters and what they are linked to, judge them and plan.',
    where: 'management group or subscriptions',
    without: 'everything; of single reads see below',
  },
  nodeImages: {
    title: 'Steward Node Imager',
    description: 'Lets Steward re-image node pools of clusters.',
    where: 'resource groups of the clusters, and their node resource groups',
    without: 'plans that re-image nodes, among them every one that leaves a service principal',
  },
  clusterIdentity: {
    title: 'Steward Identity Switcher',
    description: 'Lets Steward change the identity of clusters and of their nodes.',
    where: clusters,
    without: 'plans that change an identity',
  },
  podIdentity: {
    title: 'Steward Pod Identity Operator',
    description:
      'Lets Steward turn the pod-identity add-on of clusters on and off, and change pod identities.',
    where: clusters,
    without: 'changes of pod identities, and plans that retire the add-on',
  },
  identities: {
    title: 'Steward Identity Manager',
    description: 'Lets Steward create identities for clusters, and resource groups for them.',
    where: 'resource groups of identities; the subscription where groups are to be created, too',
    without: 'plans that create an identity; with identities made beforehand they work',
  },
  roles: {
    title: 'Steward Role Assigner',
    description:
      'Lets Steward assign the roles that clusters need to identities, and take away what they do not need.',
    where: 'subscriptions, or resource groups of what clusters are linked to, with the condition',
    without: 'plans that assign or remove roles',
  },
  features: {
    title: 'Steward Registrar',
    description: 'Lets Steward register and unregister preview flags of AKS.',
    where: 'subscriptions',
    without: 'plans that register a flag or take one back',
  },
  creation: {
    title: 'Steward Cluster Creator',
    description: 'Lets Steward create clusters.',
    where: 'resource groups of the clusters to come, and of what they will be linked to',
    without: 'the creation of clusters',
  },
  podIdentitySurvey: {
    title: 'Steward Pod Identity Surveyor',
    description: 'Lets Steward into clusters to look for what depends on pod identity.',
    where: 'management group or subscriptions',
    without: 'plans of migrations to Workload ID',
  },
  workloadIdentity: {
    title: 'Steward Migrator',
    description: 'Lets Steward move workloads from pod identity to Workload ID, and back.',
    where: `${clusters}, and of the identities of workloads; with the condition`,
    without: 'migrations',
  },
  podIdentityRemoval: {
    title: 'Steward Pod Identity Remover',
    description: 'Lets Steward take pod identity away from clusters that do not use it any more.',
    where: `${clusters}, their node resource groups, and subscriptions; with the condition`,
    without: 'migrations that take something away in the end',
  },
  privateClusters: {
    title: 'Steward Command Runner',
    description:
      'Lets Steward into private clusters that it does not reach, by commands that AKS runs there.',
    where: 'resource groups of private clusters, with STEWARD_PRIVATE_CLUSTERS=runCommand only',
    without: 'everything inside of these clusters',
  },
};

/** Reads that onboarding can do without, and what is unknown then. */
export const optionalReads: Readonly<Record<string, string>> = {
  'Microsoft.Authorization/locks/read':
    'whether a lock is in the way; Azure refuses the change then',
  'Microsoft.Authorization/roleAssignmentsUsageMetrics/read':
    'how many role assignments a subscription has left',
  'Microsoft.ContainerRegistry/registries/read': 'which role a registry is pulled from with',
  'Microsoft.KeyVault/vaults/read': 'which role a key vault asks for',
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read':
    'who may act as an identity; a migration stops',
  'Microsoft.Network/virtualNetworks/read': 'whether a network has DNS servers of its own',
};

/** What to grant for what, each set as it is tested. */
export const roleSets = {
  looking: { purpose: 'to look, judge and plan', parts: ['report'] },
  order: {
    purpose: 'to bring clusters in order',
    parts: [
      ...['report', 'nodeImages', 'clusterIdentity', 'identities', 'roles'],
      ...['features', 'podIdentity'],
    ],
  },
  creation: {
    purpose: 'to create clusters',
    parts: ['report', 'creation', 'identities', 'roles', 'features'],
  },
  podIdentity: {
    purpose: 'to run the pod-identity add-on',
    parts: ['report', 'podIdentity', 'features'],
  },
  migration: {
    purpose:
      'to migrate off pod identity; for clusters on a service principal also those that bring clusters in order',
    parts: [
      ...['report', 'podIdentitySurvey', 'workloadIdentity', 'podIdentityRemoval'],
      ...['features', 'nodeImages'],
    ],
  },
} as const satisfies Readonly<
  Record<string, { readonly purpose: string; readonly parts: readonly RolePart[] }>
>;

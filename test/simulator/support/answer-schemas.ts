import authorization from '../../data/contracts/schemas/authorization.schema.json';
import containerservice from '../../data/contracts/schemas/containerservice.schema.json';
import eventgrid from '../../data/contracts/schemas/eventgrid.schema.json';
import features from '../../data/contracts/schemas/features.schema.json';
import locks from '../../data/contracts/schemas/locks.schema.json';
import managedidentity from '../../data/contracts/schemas/managedidentity.schema.json';
import policy from '../../data/contracts/schemas/policy.schema.json';
import resourcegraph from '../../data/contracts/schemas/resourcegraph.schema.json';
import resources from '../../data/contracts/schemas/resources.schema.json';
import subscriptions from '../../data/contracts/schemas/subscriptions.schema.json';
import { at } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import { violations } from './json-schema';

interface Schema {
  readonly definitions: unknown;
}
type Row = readonly [end: string, schema: Schema, definition: string];

/** Which definition an answer follows, by the end of its path; `*` is any name. */
const rows: readonly Row[] = [
  ['/managedClusters/*', containerservice, 'ManagedCluster'],
  ['/managedClusters', containerservice, '[]ManagedCluster'],
  ['/agentPools/*', containerservice, 'AgentPool'],
  ['/agentPools', containerservice, '[]AgentPool'],
  ['/agentPools/*/upgradeProfiles/default', containerservice, 'AgentPoolUpgradeProfile'],
  ['/managedClusters/*/upgradeProfiles/default', containerservice, 'ManagedClusterUpgradeProfile'],
  ['/availableAgentPoolVersions', containerservice, 'AgentPoolAvailableVersions'],
  ['/maintenanceConfigurations/*', containerservice, 'MaintenanceConfiguration'],
  ['/maintenanceConfigurations', containerservice, '[]MaintenanceConfiguration'],
  ['/identityBindings/*', containerservice, 'IdentityBinding'],
  ['/identityBindings', containerservice, '[]IdentityBinding'],
  ['/machines', containerservice, '[]Machine'],
  ['/commandResults/*', containerservice, 'RunCommandResult'],
  ['/kubernetesVersions', containerservice, 'KubernetesVersionListResult'],
  ['/listClusterUserCredential', containerservice, 'CredentialResults'],
  ['/listClusterAdminCredential', containerservice, 'CredentialResults'],
  ['/userAssignedIdentities/*', managedidentity, 'Identity'],
  ['/userAssignedIdentities', managedidentity, '[]Identity'],
  ['/federatedIdentityCredentials/*', managedidentity, 'FederatedIdentityCredential'],
  ['/federatedIdentityCredentials', managedidentity, '[]FederatedIdentityCredential'],
  ['/identities/default', managedidentity, 'SystemAssignedIdentity'],
  ['/roleAssignments/*', authorization, 'RoleAssignment'],
  ['/roleAssignments', authorization, '[]RoleAssignment'],
  ['/roleDefinitions/*', authorization, 'RoleDefinition'],
  ['/roleDefinitions', authorization, '[]RoleDefinition'],
  ['/permissions', authorization, '[]Permission'],
  ['/denyAssignments', authorization, '[]DenyAssignment'],
  ['/locks', locks, '[]ManagementLockObject'],
  ['/locks/*', locks, 'ManagementLockObject'],
  ['/policyAssignments/*', policy, 'PolicyAssignment'],
  ['/policyAssignments', policy, '[]PolicyAssignment'],
  ['/policyDefinitions/*', policy, 'PolicyDefinition'],
  ['/features/*', features, 'FeatureResult'],
  ['/features/*/register', features, 'FeatureResult'],
  ['/features/*/unregister', features, 'FeatureResult'],
  ['/features', features, '[]FeatureResult'],
  ['/subscriptionFeatureRegistrations/*', features, 'SubscriptionFeatureRegistration'],
  ['/Microsoft.ResourceGraph/resources', resourcegraph, 'QueryResponse'],
  ['/systemTopics/*', eventgrid, 'SystemTopic'],
  ['/systemTopics', eventgrid, '[]SystemTopic'],
  ['/eventSubscriptions/*', eventgrid, 'EventSubscription'],
  ['/eventSubscriptions', eventgrid, '[]EventSubscription'],
  ['/subscriptions/*/resourceGroups/*', resources, 'ResourceGroup'],
  ['/subscriptions/*/resourceGroups', resources, '[]ResourceGroup'],
  ['/subscriptions/*/providers/*', resources, 'Provider'],
  ['/subscriptions/*/providers/*/register', resources, 'Provider'],
  ['/subscriptions/*/providers', resources, '[]Provider'],
  ['/subscriptions/*/resources', resources, '[]GenericResourceExpanded'],
  ['/tags/default', resources, 'TagsResource'],
  ['/subscriptions/*/locations', subscriptions, '[]Location'],
  ['/subscriptions/*', subscriptions, 'Subscription'],
  ['/subscriptions', subscriptions, '[]Subscription'],
  ['/tenants', subscriptions, '[]TenantIdDescription'],
];

const compiled = rows.map(([end, { definitions }, definition]) => ({
  pattern: new RegExp(`${end.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`, 'i'),
  definitions: definitions as JsonObject,
  definition: definition.replace('[]', ''),
  list: definition.startsWith('[]'),
}));

/** What in a successful answer breaks the published schema of its operation. */
export function schemaViolations(path: string, body: Json): readonly string[] {
  const row = compiled.find(({ pattern }) => pattern.test(path));
  if (row === undefined || body === null) return [];
  const { definitions, definition, list } = row;
  if (!list) return violations(body, definition, definitions);
  const value = at(body, 'value');
  if (!Array.isArray(value)) return [`${path}: value is no list`];
  return (value as readonly Json[]).flatMap((item) => violations(item, definition, definitions));
}

/** Every rule. Adding one here is the whole registration. */
import {
  podIdentityFlagRule,
  forbiddenFeaturesRule,
  requiredFeaturesRule,
  stuckFeatureRule,
} from './features/flags';
import { providersRule } from './features/providers';
import { azureRbacRule, entraRule, kubernetesRbacRule, localAccountsRule } from './identity/access';
import { appRoutingRule, legacyMonitoringRule, retiredAddOnRule } from './identity/add-ons';
import {
  danglingIdentityRule,
  kubeletIsControlPlaneRule,
  kubeletMissingRule,
  sharedIdentityRule,
  systemAssignedUnfitRule,
} from './identity/fitness';
import { halfMigratedRule } from './identity/half-migrated';
import { nodeGroupLockRule, openMetadataRule } from './identity/nodes';
import { secretExpiryRule, servicePrincipalRule } from './identity/sign-in';
import { nodeImageBehindRule } from './node-image-behind';
import { podIdentityAddOnRule } from './pod-identity-add-on';
import {
  kubeletExcessRule,
  obsoleteRule,
  privilegedRule,
  tooBroadRule,
  unexplainedRule,
} from './roles/excess';
import { formerPrincipalRule, orphanedRule, quotaRule } from './roles/leftovers';
import { registryModeRule } from './roles/registry-mode';
import {
  blockedRoleRule,
  conditionalRoleRule,
  nodeGroupRoleRule,
  requiredRolesRule,
} from './roles/required';
import type { Rule } from './rule';

export const rules: readonly Rule[] = [
  servicePrincipalRule,
  secretExpiryRule,
  halfMigratedRule,
  systemAssignedUnfitRule,
  kubeletMissingRule,
  kubeletIsControlPlaneRule,
  sharedIdentityRule,
  danglingIdentityRule,
  localAccountsRule,
  entraRule,
  azureRbacRule,
  kubernetesRbacRule,
  legacyMonitoringRule,
  appRoutingRule,
  retiredAddOnRule,
  nodeGroupLockRule,
  openMetadataRule,
  requiredRolesRule,
  tooBroadRule,
  orphanedRule,
  formerPrincipalRule,
  kubeletExcessRule,
  privilegedRule,
  registryModeRule,
  quotaRule,
  nodeGroupRoleRule,
  conditionalRoleRule,
  obsoleteRule,
  unexplainedRule,
  blockedRoleRule,
  nodeImageBehindRule,
  podIdentityAddOnRule,
  requiredFeaturesRule,
  podIdentityFlagRule,
  stuckFeatureRule,
  providersRule,
  forbiddenFeaturesRule,
];

import { sameArmId } from '../../ids';
import { inNodeResourceGroup } from '../../cluster';
import { unfitForSystemAssigned } from '../../identities/target-identity';
import { compliant, notApplicable, onboarding, unknown, verdictOf, violation } from '../rule';
import type { Rule, Violation } from '../rule';
import { isManaged, isSystemAssigned } from './managed';

/** AKS refuses or breaks some features with a system-assigned identity. */
export const systemAssignedUnfitRule: Rule = {
  code: 'IDN-004',
  id: 'identity/system-assigned-unfit',
  title: 'A cluster that needs a user-assigned identity has one',
  severity: 'high',
  class: 'approval',
  source: 'Microsoft Learn: Use a system-assigned managed identity in AKS',
  evaluate: ({ cluster, policy }) => {
    if (!isSystemAssigned(cluster)) return notApplicable;
    const reasons = unfitForSystemAssigned(cluster);
    const fix = onboarding('moves it to a user-assigned identity');
    if (reasons.length > 0) {
      return violation('AKS does not support a system-assigned identity here.', reasons, fix);
    }
    if (policy.identity.controlPlane === 'userAssigned') {
      const text = 'The policy asks for a user-assigned identity.';
      const [found] = violation(text, ['identity.type = SystemAssigned'], fix).violations;
      return verdictOf(found ? [{ ...found, severity: 'medium' }] : []);
    }
    return cluster.links.kubenet && !cluster.routeTables ? unknown : compliant;
  },
};

/** Without it nodes cannot pull images or take part in the cluster. */
export const kubeletMissingRule: Rule = {
  code: 'IDN-005',
  id: 'identity/kubelet-missing',
  title: 'A cluster with a managed identity has a kubelet identity',
  severity: 'high',
  class: 'report',
  source: 'Microsoft Learn: Managed identities in AKS, overview',
  evaluate: ({ cluster }) => {
    // Azure runs the nodes of a hosted system pool, which need none.
    if (!isManaged(cluster) || cluster.links.hostedSystem) return notApplicable;
    if ((cluster.kubelet?.objectId ?? '') !== '') return compliant;
    return violation(
      'The cluster has no kubelet identity.',
      ['identityProfile.kubeletidentity.objectId is absent'],
      'Reconcile the cluster (az aks update without changes), then look again.',
    );
  },
};

/** Any pod can take a token of the kubelet identity from the metadata service, unless that is restricted. */
export const kubeletIsControlPlaneRule: Rule = {
  code: 'IDN-006',
  id: 'identity/kubelet-is-control-plane',
  title: 'Nodes do not act as the control plane',
  severity: 'high',
  class: 'approval',
  source: 'Microsoft Learn: Use a pre-created kubelet managed identity',
  evaluate: ({ cluster: { shown, kubelet } }) => {
    const [only, ...others] = shown.userAssigned;
    if (only === undefined || others.length > 0 || !kubelet) return notApplicable;
    if (!sameArmId(only, kubelet.resourceId)) return compliant;
    return violation(
      'Nodes and control plane share one identity: every pod may act as the control plane.',
      [`kubeletidentity.resourceId = ${kubelet.resourceId}`],
      onboarding('gives the nodes an identity of their own and re-images them'),
    );
  },
};

/** What one cluster needs, all of them get. */
export const sharedIdentityRule: Rule = {
  code: 'IDN-007',
  id: 'identity/shared',
  title: 'The control-plane identity belongs to one cluster',
  severity: 'low',
  class: 'report',
  source: 'Microsoft Learn: Best practices for managed identities',
  evaluate: ({ cluster: { shown, otherClusters } }) => {
    if (shown.userAssigned.length === 0) return notApplicable;
    if (!otherClusters) return unknown;
    const sharers = otherClusters.filter((other) =>
      other.shown.userAssigned.some((id) => shown.userAssigned.some((own) => sameArmId(id, own))),
    );
    if (sharers.length === 0) return compliant;
    return violation(
      `${sharers.length} other clusters have the same control-plane identity.`,
      sharers.map(({ armId }) => armId),
      'Give each cluster an identity of its own, so that none has the rights of the others.',
    );
  },
};

/** A cluster whose identity is gone works until it has to change something. */
export const danglingIdentityRule: Rule = {
  code: 'IDN-008',
  id: 'identity/dangling',
  title: 'The identities that the cluster refers to exist',
  severity: 'critical',
  class: 'report',
  source: 'Microsoft Learn: Managed identities in AKS, overview',
  evaluate: ({ cluster }) => {
    const { shown, kubelet, danglingIdentities } = cluster;
    const ownKubelet = kubelet !== undefined && !inNodeResourceGroup(cluster, kubelet.resourceId);
    if (shown.userAssigned.length === 0 && !ownKubelet) return notApplicable;
    if (!danglingIdentities) return unknown;
    return verdictOf(
      danglingIdentities.map((subject): Violation => {
        const id = subject === 'kubelet' ? kubelet?.resourceId : shown.userAssigned[0];
        return {
          subject,
          text: `The ${subject === 'kubelet' ? 'kubelet' : 'control-plane'} identity does not exist any more.`,
          evidence: [`${id ?? ''} was not found`],
          fix: 'Create an identity, give it the roles of the old one, and let the cluster use it.',
        };
      }),
    );
  },
};

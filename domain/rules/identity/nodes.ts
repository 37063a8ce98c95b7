import { compliant, unknown, violation } from '../rule';
import type { Rule } from '../rule';

/** Whoever changes resources of the node resource group by hand breaks the cluster. */
export const nodeGroupLockRule: Rule = {
  code: 'IDN-016',
  id: 'identity/node-rg-lock',
  title: 'The node resource group is locked',
  severity: 'low',
  class: 'additive',
  offByDefault: true,
  source:
    'Microsoft Learn: Deploy a fully managed resource group using node resource group lockdown',
  evaluate: ({ cluster }) =>
    cluster.nodeResourceGroupLocked
      ? compliant
      : violation(
          'The node resource group can be changed by anybody with rights on it.',
          ['nodeResourceGroupProfile.restrictionLevel is not ReadOnly'],
          'Set the restriction level to ReadOnly once no role is needed inside that group.',
        ),
};

/** Pods take tokens of the kubelet identity from the metadata service. */
export const openMetadataRule: Rule = {
  code: 'IDN-017',
  id: 'identity/imds-open',
  title: 'Pods cannot reach the metadata service of their node',
  severity: 'info',
  class: 'report',
  offByDefault: true,
  source: 'Microsoft Learn: Block pod access to the Azure Instance Metadata Service',
  evaluate: ({ cluster: { poolsWithOpenMetadata } }) => {
    if (!poolsWithOpenMetadata) return unknown;
    if (poolsWithOpenMetadata.length === 0) return compliant;
    return violation(
      'Pods can reach the metadata service of their node, and with it the kubelet identity.',
      poolsWithOpenMetadata.map(
        (pool) => `the scale set of pool ${pool} lacks the tag aks-managed-enable-imds-restriction`,
      ),
      'Enable the IMDS restriction (preview) where no pod needs the service.',
    );
  },
};

import { compliant, notApplicable, unknown, violation } from './rule';
import type { Rule } from './rule';

/** After the switch a kubelet keeps the credentials it was born with until its node is re-imaged. */
export const halfMigratedRule: Rule = {
  id: 'identity/half-migrated',
  title: 'Every node uses the managed identity',
  severity: 'high',
  source: 'Microsoft Learn: Use a user-assigned managed identity in AKS',
  evaluate: ({ controlPlane, nodePools, poolsBeforeSwitch }) => {
    if (controlPlane.kind === 'servicePrincipal') return notApplicable;
    if (!poolsBeforeSwitch) return unknown;
    if (poolsBeforeSwitch.length === 0) return compliant;
    const stopped = nodePools
      .filter((pool) => pool.stopped && poolsBeforeSwitch.includes(pool.name))
      .map(({ name }) => name);
    return violation(
      'Nodes still run with credentials from before the identity switch.',
      poolsBeforeSwitch.map((pool) => `the scale set of pool ${pool} lacks the kubelet identity`),
      stopped.length === 0
        ? 'Onboard the cluster with mode apply; it re-images these pools.'
        : `Start ${stopped.join(', ')}, then onboard the cluster with mode apply; a stopped pool cannot be re-imaged.`,
    );
  },
};

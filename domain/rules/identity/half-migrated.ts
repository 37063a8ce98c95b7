import { notApplicable, onboarding, unknown, verdictOf } from '../rule';
import type { Case, Rule, Verdict, Violation } from '../rule';
import { isManaged } from './managed';

/** After the switch a kubelet keeps the credentials it was born with until its node is re-imaged. */
export const halfMigratedRule: Rule = {
  code: 'IDN-003',
  id: 'identity/half-migrated',
  title: 'Every node uses the managed identity',
  severity: 'high',
  class: 'approval',
  source: 'Microsoft Learn: Use a user-assigned managed identity in AKS',
  evaluate: halfMigrated,
};

function halfMigrated({ cluster }: Case): Verdict {
  const { shown, nodePools, poolsBeforeSwitch } = cluster;
  if (!isManaged(cluster)) return notApplicable;
  const unfinished: Violation[] =
    shown.clientId === '' || shown.clientId.toLowerCase() === 'msi'
      ? []
      : [
          {
            subject: 'cluster',
            text: 'The cluster shows a managed identity and its old service principal.',
            evidence: [
              `identity.type = ${shown.type}, servicePrincipalProfile.clientId = ${shown.clientId}`,
            ],
            fix: 'Wait until the running operation ends, then look at the cluster again.',
          },
        ];
  if (!poolsBeforeSwitch) return unfinished.length > 0 ? verdictOf(unfinished) : unknown;
  const pools = poolsBeforeSwitch.map((name): Violation => {
    const stopped = nodePools.some((pool) => pool.name === name && pool.stopped);
    return {
      subject: `pool:${name}`,
      text: `The nodes of pool ${name} run with credentials from before the identity switch.`,
      evidence: [`the scale set of pool ${name} lacks the kubelet identity`],
      fix: stopped
        ? `Start pool ${name}, then onboard the cluster with mode apply; a stopped pool cannot be re-imaged.`
        : onboarding('re-images this pool'),
    };
  });
  return verdictOf([...unfinished, ...pools]);
}

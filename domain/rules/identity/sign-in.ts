import { compliant, notApplicable, onboarding, unknown, violation } from '../rule';
import type { Case, Rule, Verdict } from '../rule';

/** A service principal's secret expires and lies on every node; a managed identity has neither problem. */
export const servicePrincipalRule: Rule = {
  code: 'IDN-001',
  id: 'identity/service-principal',
  title: 'The cluster uses a managed identity',
  severity: 'high',
  class: 'approval',
  source: 'Microsoft Learn: Use managed identities in AKS',
  evaluate: ({ cluster: { controlPlane } }) => {
    if (controlPlane.kind !== 'servicePrincipal' || controlPlane.clientId === 'msi')
      return compliant;
    return violation(
      'The cluster authenticates with a service principal.',
      [`servicePrincipalProfile.clientId = ${controlPlane.clientId}`],
      onboarding('moves it to a managed identity and re-images its nodes'),
    );
  },
};

/** With an expired secret every reconcile of the cluster fails. */
export const secretExpiryRule: Rule = {
  code: 'IDN-002',
  id: 'identity/secret-expiry',
  title: 'The secret of the service principal is valid for long enough',
  severity: 'medium',
  class: 'approval',
  source: 'Microsoft Learn: Update or rotate the credentials for an AKS cluster',
  evaluate: secretExpiry,
};

const fix = onboarding('moves it to a managed identity, which has no secret');
const day = 86_400_000;

function secretExpiry({ cluster, asOf }: Case): Verdict {
  const { controlPlane, servicePrincipal } = cluster;
  if (controlPlane.kind !== 'servicePrincipal' || controlPlane.clientId === 'msi')
    return notApplicable;
  if (!servicePrincipal) return unknown;
  const app = controlPlane.clientId;
  if (servicePrincipal.objectId === '') {
    const evidence = [`the directory knows no service principal of application ${app}`];
    return graded(
      'critical',
      violation('The service principal of the cluster was deleted.', evidence, fix),
    );
  }
  const { secretEndsAt } = servicePrincipal;
  if (secretEndsAt === undefined) {
    const evidence = [`application ${app} shows neither secret nor certificate`];
    const text = 'It cannot be seen when the secret of the service principal expires.';
    return graded('medium', violation(text, evidence, fix));
  }
  const left = Math.floor((Date.parse(secretEndsAt) - Date.parse(asOf)) / day);
  if (Date.parse(secretEndsAt) > Date.parse(asOf) + 30 * day) return compliant;
  const text =
    left < 0
      ? 'The secret of the service principal has expired.'
      : `The secret of the service principal expires in ${left} days.`;
  const urgent = Date.parse(secretEndsAt) <= Date.parse(asOf) + 7 * day;
  const evidence = [`the last secret or certificate of application ${app} ends at ${secretEndsAt}`];
  return graded(urgent ? 'critical' : 'high', violation(text, evidence, fix));
}

function graded(
  severity: 'critical' | 'high' | 'medium',
  { status, violations }: ReturnType<typeof violation>,
): Verdict {
  return { status, violations: violations.map((one) => ({ ...one, severity })) };
}

import { missingRoles, requiredRoles } from '../roles';
import { compliant, notApplicable, unknown, violation } from './rule';
import type { Rule } from './rule';

/** Without its roles an identity works until the day it has to change something. */
export const requiredRolesRule: Rule = {
  id: 'roles/required-missing',
  title: "The cluster's identities hold the roles they need",
  severity: 'high',
  source: 'Microsoft Learn: AKS service permissions',
  evaluate: (cluster, policy) => {
    const { controlPlane, kubelet, assignments, routeTables } = cluster;
    if (controlPlane.kind === 'servicePrincipal') return notApplicable;
    if (!assignments || !routeTables) return unknown;
    const wanted = requiredRoles(
      { ...emptyReadings, ...cluster, assignments, routeTables },
      policy.roles.registries,
    );
    const missing = wanted.filter((requirement) => {
      const principal =
        requirement.principal === 'kubelet' ? kubelet?.objectId : controlPlane.principalId;
      return missingRoles([requirement], principal, assignments).length > 0;
    });
    if (missing.length === 0) return compliant;
    return violation(
      `${missing.length} of ${wanted.length} required role assignments are missing.`,
      missing.map(
        ({ id, principal, role, scope }) => `${id}: ${principal} needs ${role} at ${scope}`,
      ),
      'Onboard the cluster with mode apply; it creates them.',
    );
  },
};

const emptyReadings = {
  latestImages: {},
  poolsBeforeSwitch: [],
  missingIdentities: [],
  features: {},
};

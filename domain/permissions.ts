import { permits } from './roles/coverage';
import type { Permission } from './snapshot';

/** What Steward can do, as far as it is let: each needs rights of its own. */
export const capabilities = {
  report: 'see clusters, judge them and plan',
  nodeImages: 're-image node pools',
  clusterIdentity: 'change the identity of a cluster and of its nodes',
  podIdentity: 'turn the pod-identity add-on on and off, and change pod identities',
  identities: 'create identities and resource groups',
  roles: 'assign roles to the identities of clusters, and remove them',
  features: 'register and unregister preview flags',
  creation: 'create clusters',
  podIdentitySurvey: 'look into clusters for what depends on pod identity',
  workloadIdentity: 'move workloads to Workload ID, and back',
  podIdentityRemoval: 'take pod identity away from clusters that do not use it any more',
} as const;

export type Capability = keyof typeof capabilities;

/** What Steward's own identity may do at a scope. */
export interface GrantedAt {
  readonly scope: string;
  readonly permissions: readonly Permission[];
}

export interface CapabilityCheck {
  readonly name: Capability;
  readonly enables: string;
  /** `partly`: at some of the scopes. */
  readonly state: 'granted' | 'partly' | 'missing';
  readonly scopes: readonly { readonly scope: string; readonly missing: readonly string[] }[];
}

/** Holds what Steward may do against what each of its capabilities needs, scope by scope. Pure. */
export function checkCapabilities(
  needs: Readonly<Record<Capability, readonly string[]>>,
  granted: readonly GrantedAt[],
): readonly CapabilityCheck[] {
  return Object.entries(capabilities).map(([key, enables]) => {
    const name = key as Capability;
    const scopes = granted.map(({ scope, permissions }) => ({
      scope,
      missing: missingActions(permissions, needs[name]),
    }));
    return { name, enables, state: stateOf(scopes), scopes };
  });
}

/** The actions that no permission allows. */
export function missingActions(
  permissions: readonly Permission[],
  needed: readonly string[],
): readonly string[] {
  return needed.filter((action) => !permissions.some((permission) => permits(permission, action)));
}

function stateOf(scopes: CapabilityCheck['scopes']): CapabilityCheck['state'] {
  if (scopes.every(({ missing }) => missing.length === 0)) return 'granted';
  return scopes.some(({ missing }) => missing.length === 0) ? 'partly' : 'missing';
}

import type { ClusterView } from '../snapshot';
import { vaultOf } from './matrix-control-plane';
import type { PrincipalKey } from './requirement';

/** Something that looks like a missing role and is none, or a right that no role gives. */
export interface Advisory {
  readonly requirement: string;
  readonly principal: PrincipalKey;
  readonly role: string;
  readonly scope: string;
  readonly why: readonly string[];
}

/** What a person should know about rights around a cluster, and nothing has to be assigned for. */
export function advisories(view: ClusterView): readonly Advisory[] {
  return [...routeTablesOfAnother(view), ...accessPolicies(view)];
}

function routeTablesOfAnother({ links, routeTables = [] }: ClusterView): readonly Advisory[] {
  if (links.kubenet || !links.userDefinedRouting) return [];
  return routeTables.map((scope) => ({
    requirement: 'RR-ROUTETABLE',
    principal: 'controlPlane',
    role: 'Network Contributor',
    scope,
    why: ['userDefinedRouting without kubenet: AKS does not program routes'],
  }));
}

function accessPolicies(view: ClusterView): readonly Advisory[] {
  const vault = vaultOf(view);
  if (!vault || vault.rbac) return [];
  return [
    {
      requirement: 'RR-KMS-CRYPTO',
      principal: 'controlPlane',
      role: 'access policy: keys encrypt, decrypt',
      scope: vault.id,
      why: ['the vault grants by access policies, not by roles'],
    },
  ];
}

import { roles } from '../../../domain/roles/built-in-roles';
import type { Role } from '../../../domain/roles/built-in-roles';
import {
  assignableRoles,
  delegationCondition,
  delegations,
  removableRoles,
} from '../../../domain/roles/delegation';
import { addOnRows } from '../../../domain/roles/matrix-add-ons';
import { controlPlaneRows } from '../../../domain/roles/matrix-control-plane';
import { kubeletRows } from '../../../domain/roles/matrix-kubelet';
import { parseCondition } from '../../../simulator/rights/condition';

const type = 'Microsoft.Authorization/roleAssignments';

/** Whether the simulated Azure lets a holder with the condition do it. */
function allows(verb: 'write' | 'delete', role: string, principalType = 'ServicePrincipal') {
  return parseCondition(delegationCondition(delegations.roles))({
    action: `${type}/${verb}`,
    attributes: { RoleDefinitionId: role, PrincipalType: principalType, PrincipalId: 'p' },
  });
}

const all = Object.entries(roles) as [Role, string][];

describe('the condition on what Steward may assign', () => {
  it.each(all)('lets it assign %s only if repairs do', (role, guid) => {
    expect(allows('write', guid)).toBe(assignableRoles.includes(role));
  });

  it.each(all)('lets it remove %s only if repairs or clean-up do', (role, guid) => {
    expect(allows('delete', guid)).toBe(removableRoles.includes(role));
  });

  it.each(['User', 'Group', 'ForeignGroup', ''])(
    'has nothing for a principal of type "%s"',
    (kind) => {
      expect(allows('write', roles.AcrPull, kind)).toBe(false);
      expect(allows('delete', roles.AcrPull, kind)).toBe(false);
    },
  );

  it('refuses a role that nobody knows', () => {
    expect(allows('write', '99999999-9999-4999-8999-999999999999')).toBe(false);
    expect(allows('delete', '99999999-9999-4999-8999-999999999999')).toBe(false);
  });

  it('does not touch what else the role may do', () => {
    const read = parseCondition(delegationCondition(delegations.roles))({
      action: `${type}/read`,
      attributes: {},
    });

    expect(read).toBe(true);
  });
});

describe('the roles that Steward may assign', () => {
  it('are those that clusters need, without the ones that take over machines, vaults or rights', () => {
    expect(assignableRoles).toEqual([
      'AcrPull',
      'Container Registry Repository Reader',
      'DNS Zone Contributor',
      'Key Vault Certificate User',
      'Key Vault Crypto User',
      'Key Vault Secrets User',
      'Managed Identity Operator',
      'Network Contributor',
      'Private DNS Zone Contributor',
      'Reader',
    ]);
  });

  it('leave to a person nothing that a cluster may need but three roles', () => {
    const needed = [...controlPlaneRows, ...kubeletRows, ...addOnRows];
    const left = new Set(
      needed
        .filter(({ managedBy, role }) => managedBy === undefined && !assignableRoles.includes(role))
        .map(({ role }) => role),
    );

    expect([...left].sort()).toEqual(['Contributor', 'Key Vault Contributor']);
  });
});

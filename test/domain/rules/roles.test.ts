import { judge as judgeAsOf } from '../../../domain/rules/judge';
import {
  aCluster,
  aPolicy,
  anAssignment,
  anOldCluster,
  nodeSubnet,
  ofNodeGroup,
  registry,
} from '../../support/clusters';
import { asOf } from '../../support/planning';
import { findingsOf } from '../../support/rules';

describe('rules about roles', () => {
  it('name what is missing, for whom, where and why', () => {
    const policy = aPolicy({ roles: { registries: [registry] } });

    expect(findingsOf('ROL-001', aCluster({ assignments: [ofNodeGroup()] }), policy)).toMatchObject(
      [
        { subject: 'RR-SUBNET:controlPlane', evidence: [`at ${nodeSubnet}`, expect.any(String)] },
        {
          subject: 'RR-ACR:kubelet',
          evidence: [`at ${registry}`, 'because of registry in RBAC registry mode'],
        },
      ],
    );
  });

  it('find a control plane that has lost the role which AKS gave it', () => {
    const assignments = [anAssignment('Network Contributor')];

    expect(findingsOf('ROL-009', aCluster({ assignments }))).toMatchObject([
      { severity: 'critical' },
    ]);
  });

  it('find what is covered on a condition only', () => {
    const assignments = [ofNodeGroup(), anAssignment('Network Contributor', { conditional: true })];

    expect(findingsOf('ROL-010', aCluster({ assignments }))).toMatchObject([
      { severity: 'info', subject: 'RR-SUBNET:controlPlane' },
    ]);
  });

  it('find rights of a former principal once its grace is over', () => {
    const leftover = anAssignment('Contributor', { id: 'left', principalId: 'former' });
    const cluster = aCluster({
      assignments: [...aCluster().assignments, leftover],
      formerPrincipals: [
        { kind: 'servicePrincipal', objectId: 'former', until: '2026-11-23T08:00:00Z' },
      ],
    });
    const judgeAt = (time: string) =>
      judgeAsOf(cluster, { policy: aPolicy(), asOf: time }).findings.map(({ rule }) => rule);

    expect(judgeAt('2026-11-24T07:59:59Z')).toEqual([]);
    expect(judgeAt(asOf)).toEqual(['ROL-004']);
  });

  it('leave a former principal alone that another cluster acts as', () => {
    const former = {
      kind: 'servicePrincipal',
      objectId: 'former',
      appId: 'app',
      until: '2026-11-01T00:00:00Z',
    } as const;
    const other = { ...anOldCluster(), shown: { type: '', clientId: 'APP', userAssigned: [] } };
    const cluster = aCluster({
      assignments: [
        ...aCluster().assignments,
        anAssignment('Contributor', { principalId: 'former' }),
      ],
      formerPrincipals: [former],
      otherClusters: [other],
    });

    expect(findingsOf('ROL-004', cluster)).toEqual([]);
  });

  it('find assignments of principals that are gone, and a subscription that is nearly full', () => {
    const cluster = aCluster({
      assignments: [
        ...aCluster().assignments,
        anAssignment('Reader', { id: 'x/gone', principalId: 'G' }),
      ],
      orphans: ['g'],
      assignmentUsage: { count: 3600, limit: 4000 },
    });

    expect(findingsOf('ROL-003', cluster)).toMatchObject([{ subject: 'gone' }]);
    expect(findingsOf('ROL-008', cluster)).toMatchObject([{ subject: 'subscription' }]);
  });

  it('find a registry that ignores the pull role', () => {
    const policy = aPolicy({ roles: { registries: [registry] } });
    const registries = { [registry.toLowerCase()]: 'abac' } as const;
    const pull = anAssignment('AcrPull', {
      scope: registry,
      principalId: '22222222-2222-4222-8222-222222222222',
    });
    const cluster = aCluster({ registries, assignments: [...aCluster().assignments, pull] });

    expect(findingsOf('ROL-007', cluster, policy)).toMatchObject([{ subject: 'contoso' }]);
    expect(findingsOf('ROL-005', cluster, policy)).toEqual([]);
  });
});

import { rules } from '../../../domain/rules';
import { podIdentityFeature } from '../../../domain/policy';
import type { ClusterSnapshot } from '../../../domain/snapshot';
import {
  aCluster,
  aPolicy,
  aPool,
  anOldCluster,
  identityId,
  oldImage,
  podIdentityWith,
} from '../../support/clusters';
import { clusterFixture, namedFixtures, policyOf, snapshotOf } from '../../support/fixtures';
import { judge } from '../../support/planning';
import { factsOf, findingsOf } from '../../support/rules';

describe('every rule', () => {
  it.each(rules.map((rule) => [rule.code, rule] as const))('%s is described', (code, rule) => {
    expect(code).toMatch(/^(IDN|ROL|FTR|IMG|PID)-\d{3}$/);
    expect(rule.id).toMatch(/^[a-z-]+\/[a-z-]+$/);
    expect([rule.title, rule.source]).not.toContain('');
  });

  it('has a code and an id of its own', () => {
    expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it('finds a cluster in order compliant or not concerned', () => {
    const known = { ...aCluster(), assignmentUsage: { count: 1, limit: 4000 } };
    const features = { [podIdentityFeature]: { state: 'NotRegistered', usedBy: 0 } };

    expect(judge({ ...known, features, providers: {} }, aPolicy())).toEqual({
      findings: [],
      unknown: [],
    });
  });

  it('says unknown, never compliant, about what was not read', () => {
    const policy = aPolicy({ features: { required: [podIdentityFeature] } });

    expect(judge(factsOf(aCluster()), policy)).toEqual({
      findings: [],
      unknown: [
        ...['IDN-003', 'IDN-007', 'IDN-008'],
        ...['ROL-001', 'ROL-002', 'ROL-003', 'ROL-004', 'ROL-005', 'ROL-006', 'ROL-008'],
        ...['ROL-009', 'ROL-010', 'ROL-011', 'ROL-012', 'ROL-013'],
        ...['IMG-001', 'FTR-001', 'FTR-002', 'FTR-003', 'FTR-004'],
      ],
    });
  });

  it.each(['Creating', 'Deleting', 'deleting'])('leaves a cluster alone that is %s', (state) => {
    const cluster = anOldCluster({ provisioningState: state });

    expect(judge(cluster, aPolicy())).toEqual({ findings: [], unknown: [] });
  });

  it('is off where the policy says so, and on where it is off by itself', () => {
    const off = aPolicy({ rules: { 'identity/service-principal': 'off' } });
    const on = aPolicy({ rules: { 'identity/node-rg-lock': 'report' } });

    expect(findingsOf('IDN-001', anOldCluster(), off)).toEqual([]);
    expect(findingsOf('IDN-016', aCluster())).toEqual([]);
    expect(findingsOf('IDN-016', aCluster(), on)).toHaveLength(1);
    expect(findingsOf('IDN-016', aCluster({ nodeResourceGroupLocked: true }), on)).toEqual([]);
  });

  it.each(namedFixtures)(
    'says the same about %s before and after a trip through a history',
    (_name, fixture) => {
      const snapshot = snapshotOf(fixture);
      const stored = JSON.parse(JSON.stringify(snapshot)) as ClusterSnapshot;

      expect(judge(stored, policyOf(fixture))).toEqual(judge(snapshot, policyOf(fixture)));
    },
  );
});

describe('rules about node images', () => {
  it('name the pools and how far they are', () => {
    const nodePools = [aPool('system'), aPool('apps', { imageVersion: oldImage })];

    expect(findingsOf('IMG-001', aCluster({ nodePools }))).toMatchObject([
      {
        subject: 'pool:apps',
        evidence: [`${oldImage}, newest AKSUbuntu-2204gen2containerd-202611.11.0`],
      },
    ]);
  });

  it.each([[{}], [{ apps: '' }]])(
    'do not hold against a pool what nobody could read: %p',
    (latestImages) => {
      const nodePools = [aPool('apps', { imageVersion: oldImage })];

      expect(findingsOf('IMG-001', aCluster({ nodePools, latestImages }))).toEqual([]);
    },
  );

  it('find both pools of the old cluster of the fixtures', () => {
    expect(findingsOf('IMG-001', snapshotOf(clusterFixture('s01')))).toHaveLength(2);
  });
});

describe('the rule about the pod-identity add-on', () => {
  const podIdentity = podIdentityWith('id-a', 'id-b');

  it('asks to move the workloads that still use it', () => {
    const missingIdentities = [identityId('id-a')];

    expect(findingsOf('PID-001', aCluster({ podIdentity, missingIdentities }))).toMatchObject([
      {
        text: 'The pod-identity add-on is on and serves apps/id-b.',
        evidence: [`apps/id-a → ${identityId('id-a')}`, `apps/id-b → ${identityId('id-b')}`],
      },
    ]);
  });

  it('offers to turn it off when nothing can use it', () => {
    const missingIdentities = podIdentity.entries.map(({ identityId: each }) => each);

    expect(findingsOf('PID-001', aCluster({ podIdentity, missingIdentities }))).toMatchObject([
      { text: 'The pod-identity add-on is on, but nothing can use it any more.' },
    ]);
  });

  it('takes every entry for alive while the identities were not read', () => {
    const [finding] = findingsOf('PID-001', factsOf(aCluster({ podIdentity })));

    expect(finding?.text).toBe('The pod-identity add-on is on and serves apps/id-a, apps/id-b.');
  });
});

import type { ClusterFacts, ClusterSnapshot } from '../../../domain/cluster';
import { judge, rules } from '../../../domain/rules';
import type { Verdict } from '../../../domain/rules/rule';
import { podIdentityFeature } from '../../../domain/policy';
import {
  aCluster,
  aPolicy,
  aPool,
  anOldCluster,
  controlPlaneId,
  identityId,
  nodeSubnet,
  oldImage,
  podIdentityWith,
  registry,
} from '../../support/clusters';
import { clusterFixture, clusterFixtures, snapshotOf } from '../../support/fixtures';

function verdict(id: string, cluster: ClusterSnapshot, policy = aPolicy()): Verdict {
  const rule = rules.find((each) => each.id === id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return rule.evaluate(cluster, policy);
}

/** What a sweep knows of a cluster: the facts, and nothing read around them. */
function factsOf(cluster: ClusterSnapshot): ClusterFacts {
  const readAround = [
    'routeTables',
    'latestImages',
    'poolsBeforeSwitch',
    'missingIdentities',
    'features',
    'assignments',
  ];
  const facts = Object.entries(cluster).filter(([member]) => !readAround.includes(member));
  return Object.fromEntries(facts) as unknown as ClusterFacts;
}

describe('every rule', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s is described', (id, rule) => {
    expect(id).toMatch(/^[a-z-]+\/[a-z-]+$/);
    expect([rule.title, rule.source]).not.toContain('');
  });

  it('has an id of its own', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it('finds a cluster in order compliant or not concerned', () => {
    expect(judge(aCluster(), aPolicy())).toEqual({ findings: [], unknown: [] });
  });

  it('says unknown, never compliant, about what was not read', () => {
    const policy = aPolicy({ features: { required: [podIdentityFeature] } });

    expect(judge(factsOf(aCluster()), policy)).toEqual({
      findings: [],
      unknown: [
        'identity/half-migrated',
        'roles/required-missing',
        'node-image/behind',
        'features/required',
      ],
    });
  });

  it.each(clusterFixtures.map((fixture) => [fixture.fixture, fixture] as const))(
    'says the same about %s before and after a trip through a history',
    (_name, fixture) => {
      const snapshot = snapshotOf(fixture);
      const stored = JSON.parse(JSON.stringify(snapshot)) as ClusterSnapshot;

      expect(judge(stored, aPolicy())).toEqual(judge(snapshot, aPolicy()));
    },
  );
});

describe('rule identity/service-principal', () => {
  it('names the application', () => {
    expect(verdict('identity/service-principal', anOldCluster())).toEqual({
      status: 'violation',
      text: 'The cluster authenticates with a service principal.',
      evidence: ['servicePrincipalProfile.clientId = 581cd26e-5287-4a1d-a759-5b42805d4b59'],
      fix: 'Onboard the cluster with mode apply.',
    });
  });

  it.each(['systemAssigned', 'userAssigned'] as const)('is content with %s', (kind) => {
    const cluster = aCluster({
      controlPlane: { kind, resourceId: controlPlaneId, principalId: '1' },
    });

    expect(verdict('identity/service-principal', cluster)).toEqual({ status: 'compliant' });
  });
});

describe('rule identity/half-migrated', () => {
  const id = 'identity/half-migrated';

  it('names every pool that was not re-imaged', () => {
    expect(verdict(id, aCluster({ poolsBeforeSwitch: ['apps', 'system'] }))).toEqual({
      status: 'violation',
      text: 'Nodes still run with credentials from before the identity switch.',
      evidence: [
        'the scale set of pool apps lacks the kubelet identity',
        'the scale set of pool system lacks the kubelet identity',
      ],
      fix: 'Onboard the cluster with mode apply; it re-images these pools.',
    });
  });

  it('asks for a pool that is stopped to be started', () => {
    const nodePools = [aPool('system'), aPool('apps', { stopped: true })];

    expect(verdict(id, aCluster({ nodePools, poolsBeforeSwitch: ['apps'] }))).toMatchObject({
      fix: 'Start apps, then onboard the cluster with mode apply; a stopped pool cannot be re-imaged.',
    });
  });

  it('does not concern a cluster before its switch', () => {
    expect(verdict(id, anOldCluster()).status).toBe('notApplicable');
  });

  it('finds the pool of the half-migrated fixture', () => {
    expect(verdict(id, snapshotOf(clusterFixture('s07')))).toMatchObject({
      evidence: ['the scale set of pool apps lacks the kubelet identity'],
    });
  });
});

describe('rule roles/required-missing', () => {
  const id = 'roles/required-missing';

  it('names role, principal and scope of each', () => {
    const policy = aPolicy({ roles: { registries: [registry] } });

    expect(verdict(id, aCluster({ assignments: [] }), policy)).toEqual({
      status: 'violation',
      text: '2 of 2 required role assignments are missing.',
      evidence: [
        `RR-SUBNET: controlPlane needs networkContributor at ${nodeSubnet}`,
        `RR-ACR: kubelet needs acrPull at ${registry}`,
      ],
      fix: 'Onboard the cluster with mode apply; it creates them.',
    });
  });

  it('leaves a cluster alone that is on a service principal, whose roles nobody reads', () => {
    expect(verdict(id, anOldCluster()).status).toBe('notApplicable');
  });

  it('finds what the private cluster of the fixtures lacks', () => {
    expect(verdict(id, snapshotOf(clusterFixture('s03')))).toMatchObject({
      evidence: [
        expect.stringMatching(/^RR-PODSUBNET: controlPlane/),
        expect.stringMatching(/^RR-KUBELET-MIO: controlPlane/),
      ],
    });
  });

  it('finds nothing missing where wider assignments cover what is needed', () => {
    expect(verdict(id, snapshotOf(clusterFixture('s06')))).toEqual({ status: 'compliant' });
  });
});

describe('rule node-image/behind', () => {
  const id = 'node-image/behind';

  it('names the pools and how far they are', () => {
    const nodePools = [aPool('system'), aPool('apps', { imageVersion: oldImage })];

    expect(verdict(id, aCluster({ nodePools }))).toMatchObject({
      text: '1 of 2 node pools run an older node image.',
      evidence: [`apps: ${oldImage}, newest AKSUbuntu-2204gen2containerd-202611.11.0`],
    });
  });

  it('does not hold against a pool what nobody could read', () => {
    const nodePools = [aPool('apps', { imageVersion: oldImage })];

    expect(verdict(id, aCluster({ nodePools, latestImages: {} })).status).toBe('compliant');
    expect(verdict(id, aCluster({ nodePools, latestImages: { apps: '' } })).status).toBe(
      'compliant',
    );
  });

  it('does not concern a cluster whose pools are all stopped', () => {
    const nodePools = [aPool('apps', { imageVersion: oldImage, stopped: true })];

    expect(verdict(id, aCluster({ nodePools })).status).toBe('notApplicable');
  });

  it('finds both pools of the old cluster of the fixtures', () => {
    expect(verdict(id, snapshotOf(clusterFixture('s01')))).toMatchObject({
      text: '2 of 2 node pools run an older node image.',
    });
  });
});

describe('rule pod-identity/add-on-enabled', () => {
  const id = 'pod-identity/add-on-enabled';
  const podIdentity = podIdentityWith('id-a', 'id-b');

  it('asks to move the workloads that still use it', () => {
    const missingIdentities = [identityId('id-a')];

    expect(verdict(id, aCluster({ podIdentity, missingIdentities }))).toMatchObject({
      text: 'The pod-identity add-on is on and serves apps/id-b.',
      evidence: [`apps/id-a → ${identityId('id-a')}`, `apps/id-b → ${identityId('id-b')}`],
      fix: 'Move these workload identities to Workload ID first, then onboard the cluster again.',
    });
  });

  it('offers to turn it off when nothing can use it', () => {
    const missingIdentities = podIdentity.entries.map(({ identityId: each }) => each);

    expect(verdict(id, aCluster({ podIdentity, missingIdentities }))).toMatchObject({
      text: 'The pod-identity add-on is on, but nothing can use it any more.',
    });
  });

  it('takes every entry for alive while the identities were not read', () => {
    const [finding] = judge(factsOf(aCluster({ podIdentity })), aPolicy()).findings;

    expect(finding?.text).toBe('The pod-identity add-on is on and serves apps/id-a, apps/id-b.');
  });
});

describe('rule features/required', () => {
  const id = 'features/required';
  const policy = aPolicy({ features: { required: [podIdentityFeature] } });

  it('names the flag and its state', () => {
    const features = { [podIdentityFeature]: { state: 'Pending', usedBy: 0 } };

    expect(verdict(id, aCluster({ features }), policy)).toMatchObject({
      text: `The subscription lacks ${podIdentityFeature}.`,
      evidence: [`${podIdentityFeature} is Pending`],
    });
  });

  it('is content with a flag that is registered, in any letters', () => {
    const features = { [podIdentityFeature]: { state: 'registered', usedBy: 0 } };

    expect(verdict(id, aCluster({ features }), policy).status).toBe('compliant');
  });

  it('does not concern a policy that asks for no flag', () => {
    expect(verdict(id, aCluster()).status).toBe('notApplicable');
  });
});

import { aCluster, aPolicy, aPool, anOldCluster, controlPlaneId } from '../../support/clusters';
import { factsOf, findingsOf, isUnknown } from '../../support/rules';

describe('rules about who the cluster is', () => {
  it('name the application of a service principal', () => {
    expect(findingsOf('IDN-001', anOldCluster())).toMatchObject([
      {
        id: 'identity/service-principal',
        subject: 'cluster',
        severity: 'high',
        evidence: ['servicePrincipalProfile.clientId = 581cd26e-5287-4a1d-a759-5b42805d4b59'],
      },
    ]);
  });

  it.each([
    ['was deleted', { objectId: '' }, 'critical'],
    ['shows no secret', { objectId: 'o' }, 'medium'],
    ['has expired', { objectId: 'o', secretEndsAt: '2026-11-01T00:00:00Z' }, 'critical'],
    ['ends in a week', { objectId: 'o', secretEndsAt: '2026-12-01T08:00:00Z' }, 'critical'],
    ['ends in a month', { objectId: 'o', secretEndsAt: '2026-12-24T08:00:00Z' }, 'high'],
  ])('are as urgent as a secret that %s', (_case, servicePrincipal, severity) => {
    expect(findingsOf('IDN-002', anOldCluster({ servicePrincipal }))).toMatchObject([{ severity }]);
  });

  it('are content with a secret that lasts, and unsure without the directory', () => {
    const servicePrincipal = { objectId: 'o', secretEndsAt: '2026-12-24T08:00:01Z' };

    expect(findingsOf('IDN-002', anOldCluster({ servicePrincipal }))).toEqual([]);
    expect(isUnknown('IDN-002', anOldCluster())).toBe(true);
    expect(isUnknown('IDN-002', aCluster())).toBe(false);
  });

  it('name every pool that was not re-imaged, and ask to start one that is stopped', () => {
    const nodePools = [aPool('system'), aPool('apps', { stopped: true })];
    const cluster = aCluster({ nodePools, poolsBeforeSwitch: ['apps', 'system'] });

    expect(findingsOf('IDN-003', cluster)).toMatchObject([
      { subject: 'pool:apps', fix: expect.stringMatching(/^Start pool apps, then/) as string },
      { subject: 'pool:system', fix: expect.stringMatching(/^Onboard the cluster/) as string },
    ]);
  });

  it('find a switch that has not come through', () => {
    const shown = { type: 'UserAssigned', clientId: 'an-app', userAssigned: [controlPlaneId] };

    expect(findingsOf('IDN-003', aCluster({ shown }))).toMatchObject([{ subject: 'cluster' }]);
  });

  it('find a system-assigned identity where AKS needs another, or the policy wants one', () => {
    const shown = { type: 'SystemAssigned', clientId: 'msi', userAssigned: [] };
    const cluster = aCluster({ shown });
    const wanted = aPolicy({ identity: { controlPlane: 'userAssigned' } });
    const links = { ...cluster.links, privateDnsZone: '/zone' };

    expect(findingsOf('IDN-004', cluster)).toEqual([]);
    expect(findingsOf('IDN-004', cluster, wanted)).toMatchObject([{ severity: 'medium' }]);
    expect(findingsOf('IDN-004', { ...cluster, links })).toMatchObject([{ severity: 'high' }]);
  });

  it('are unsure of a kubenet cluster whose route tables were not read', () => {
    const cluster = factsOf(
      aCluster({ shown: { type: 'SystemAssigned', clientId: 'msi', userAssigned: [] } }),
    );
    const kubenet = { ...cluster, links: { ...cluster.links, kubenet: true } };

    expect(isUnknown('IDN-004', kubenet)).toBe(true);
  });

  it('find nodes without an identity, unless Azure hosts them', () => {
    const cluster = aCluster({ kubelet: { resourceId: '', objectId: '' } });
    const links = { ...cluster.links, hostedSystem: true };

    expect(findingsOf('IDN-005', cluster)).toHaveLength(1);
    expect(findingsOf('IDN-005', { ...cluster, links })).toEqual([]);
  });

  it('find nodes that act as the control plane, however the id is spelt', () => {
    const kubelet = { resourceId: controlPlaneId.toUpperCase(), objectId: 'o' };

    expect(findingsOf('IDN-006', aCluster({ kubelet }))).toHaveLength(1);
    expect(findingsOf('IDN-006', aCluster())).toEqual([]);
  });

  it('find clusters that share an identity', () => {
    const other = { ...aCluster(), armId: '/another' };

    expect(findingsOf('IDN-007', aCluster({ otherClusters: [other] }))).toMatchObject([
      { evidence: ['/another'], severity: 'low' },
    ]);
  });

  it('find identities that are gone', () => {
    const danglingIdentities = ['controlPlane', 'kubelet'] as const;

    expect(findingsOf('IDN-008', aCluster({ danglingIdentities }))).toMatchObject([
      { subject: 'controlPlane', severity: 'critical' },
      { subject: 'kubelet' },
    ]);
  });
});

describe('rules about access', () => {
  const access = aCluster().access;

  it.each([
    ['IDN-009', { localAccounts: true }, 'medium'],
    ['IDN-010', { entra: 'none' }, 'medium'],
    ['IDN-010', { entra: 'legacy' }, 'high'],
    ['IDN-011', { azureRbac: false }, 'low'],
    ['IDN-012', { kubernetesRbac: false }, 'critical'],
  ] as const)('%s finds %p', (rule, change, severity) => {
    const cluster = aCluster({ access: { ...access, ...change } });

    expect(findingsOf(rule, cluster)).toMatchObject([{ severity, subject: 'cluster' }]);
  });

  it('ask for Entra before local accounts go, since nobody could sign in', () => {
    const cluster = aCluster({ access: { ...access, localAccounts: true, entra: 'none' } });

    expect(findingsOf('IDN-009', cluster)[0]?.fix).toMatch(/^Integrate the cluster with Microsoft/);
  });
});

describe('rules about add-ons', () => {
  const addOn = (key: string, config: Record<string, string> = {}) => ({ key, config });

  it.each([
    [{}, 1],
    [{ useaadauth: 'false' }, 1],
    [{ useaadauth: 'True' }, 0],
  ])('judge monitoring by how it signs in: %p', (config, count) => {
    const cluster = aCluster({ addOns: [addOn('omsagent', config)] });

    expect(findingsOf('IDN-013', cluster)).toHaveLength(count);
  });

  it('find what is retired, each under its name', () => {
    const addOns = [
      addOn('httpapplicationrouting'),
      addOn('openservicemesh'),
      addOn('azurepolicy'),
    ];

    expect(findingsOf('IDN-015', aCluster({ addOns }))).toMatchObject([
      { subject: 'addon:httpapplicationrouting', severity: 'medium' },
      { subject: 'addon:openservicemesh', severity: 'low' },
    ]);
  });

  it('find application routing on NGINX', () => {
    expect(
      findingsOf('IDN-014', aCluster({ appRouting: { dnsZones: [], nginx: true } })),
    ).toHaveLength(1);
    expect(findingsOf('IDN-014', aCluster({ appRouting: { dnsZones: [], nginx: false } }))).toEqual(
      [],
    );
  });
});

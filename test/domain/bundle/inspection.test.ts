import { inspectBundle } from '../../../domain/bundle/inspection';
import { clusterFixture } from '../../support/fixtures';

const good = clusterFixture('s02') as unknown as Record<string, unknown>;

describe('inspectBundle', () => {
  it.each([
    ['nothing', undefined, /^the bundle: /],
    ['a list', [], /^the bundle: /],
    ['a bundle without a time', { ...good, now: undefined }, /^now: /],
    ['a time that is none', { ...good, now: 'yesterday' }, /^now: /],
    ['no cluster', { ...good, cluster: undefined }, /^cluster: /],
    ['no context', { ...good, context: undefined }, /^context: /],
    ['resources that are text', { ...good, context: { resources: 'x' } }, /^context\.resources: /],
    [
      'another resource',
      { ...good, cluster: { id: '/subscriptions/1', properties: {} } },
      /^not a managed cluster/,
    ],
    [
      'a policy with a wrong registry',
      { ...good, context: { policy: { registries: ['x'] } } },
      /^policy\.roles\.registries/,
    ],
  ])('says of %s what is wrong with it, in one line', (_case, bundle, message) => {
    expect(() => inspectBundle(bundle)).toThrow(message);
  });

  it('lists every identity of the cluster with what it needs', () => {
    const { identities } = inspectBundle(clusterFixture('s05'));

    expect(identities.map(({ key, kind, madeBy }) => [key, kind, madeBy])).toEqual([
      ['controlPlane', 'systemAssigned', 'aks'],
      ['kubelet', 'userAssigned', 'aks'],
      ...[
        'aciconnectorlinux',
        'azurekeyvaultsecretsprovider',
        'azurepolicy',
        'ingressapplicationgateway',
        'omsagent',
      ].map((name) => [`addon:${name}`, 'userAssigned', 'aks']),
      ['webAppRouting', 'userAssigned', 'aks'],
    ]);
    expect(identities.find(({ key }) => key === 'webAppRouting')?.needs).toMatchObject([
      { requirement: 'RR-APPR-DNS', state: 'present' },
      { requirement: 'RR-APPR-PDNS', state: 'missing' },
    ]);
    expect(identities.find(({ key }) => key === 'addon:omsagent')?.excess).toMatchObject([
      { kind: 'obsolete', role: 'Monitoring Metrics Publisher' },
    ]);
  });

  it('lists a service principal as both control plane and nodes, with its secret', () => {
    const { identities } = inspectBundle(clusterFixture('s01'));

    expect(identities).toMatchObject([
      { key: 'controlPlane', kind: 'servicePrincipal', secretEndsAt: '2026-12-04T06:00:00Z' },
      { key: 'kubelet', kind: 'servicePrincipal', needs: [{ requirement: 'RR-ACR' }] },
    ]);
  });

  it('lists pod identities', () => {
    const { identities } = inspectBundle(clusterFixture('s04'));

    expect(identities.map(({ key }) => key)).toContain('podIdentity:billing/billing');
  });
});

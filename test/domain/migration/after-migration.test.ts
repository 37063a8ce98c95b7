import { parse } from 'yaml';

import { afterMigration } from '../../../domain/migration/after-migration';
import { migrationManifests } from '../../../domain/migration/manifests';
import { clusterId, maker, planOf, snapshotOf } from './support/a-world';
import type { World } from './support/a-world';

function after(world: World) {
  return afterMigration(planOf(world), snapshotOf(world));
}

describe('what is left to decide after a migration', () => {
  it('is whether the metadata endpoint is closed, and who keeps the sidecar', () => {
    expect(after({})).toEqual([
      {
        cluster: clusterId,
        imdsRestriction: { possible: true, hinderedBy: [] },
        networkPolicies: false,
        sidecars: ['Deployment/shop/app'],
      },
    ]);
  });

  it.each([
    [{ addonProfiles: { omsAgent: { enabled: true } } }, 'Container insights'],
    [{ addonProfiles: { azurepolicy: { enabled: true } } }, 'Azure Policy'],
    [{ agentPoolProfiles: [{ name: 'win', osType: 'Windows' }] }, 'Windows pools'],
    [{ ingressProfile: { webAppRouting: { enabled: true } } }, 'application routing'],
    [{ metricsProfile: { costAnalysis: { enabled: true } } }, 'cost analysis'],
    [{ aiToolchainOperatorProfile: { enabled: true } }, 'AI toolchain operator'],
  ])('names what hinders the restriction: %j', (properties, hindrance) => {
    expect(after({ properties })).toMatchObject([
      { imdsRestriction: { possible: false, hinderedBy: [hindrance] } },
    ]);
  });

  it('counts neither what is off nor what the endpoint is nothing to', () => {
    const addonProfiles = {
      omsagent: { enabled: false },
      azureKeyvaultSecretsProvider: { enabled: true },
    };
    const networkProfile = { networkPlugin: 'azure', networkPolicy: 'cilium' };

    expect(after({ properties: { addonProfiles, networkProfile } })).toMatchObject([
      { imdsRestriction: { possible: true }, networkPolicies: true },
    ]);
  });

  it('has a file that closes the endpoint for a namespace, unless AKS runs that', () => {
    const world: World = { objects: [maker('Deployment', 'agent', { namespace: 'kube-system' })] };
    const files = migrationManifests(planOf(world), snapshotOf(world), { later: true });
    const name = 'networkpolicy-deny-instance-metadata.yaml';

    const ours = files.find(({ path }) => path === `aks/shop/later/${name}`);
    expect(parse(ours?.content ?? '')).toMatchObject({
      kind: 'NetworkPolicy',
      metadata: { namespace: 'shop' },
      spec: {
        podSelector: {},
        egress: [
          { to: [{ namespaceSelector: {} }, { ipBlock: { except: ['169.254.169.254/32'] } }] },
        ],
      },
    });
    const paths = files.map(({ path }) => path);
    expect(paths).toContain('aks/kube-system/later/deployment-agent.yaml');
    expect(paths).not.toContain(`aks/kube-system/later/${name}`);
  });
});

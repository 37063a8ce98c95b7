import { objectAt, textAt, withAt } from '../../../../simulator/json';
import type { JsonObject } from '../../../../simulator/json';
import type { KubeObject } from '../../../../simulator/kubernetes/resource-table';
import { fixtureWorld } from './a-world';
import type { LiveWorld } from './a-world';

const name = '04-oss-standard-cross-namespace.json';
const scaleSet =
  '/subscriptions/11111111-aaaa-4aaa-8aaa-111111111111/resourceGroups/MC_rg-aks_aks-legacy-weu_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-system-30211427-vmss';
const onNodes = (live: LiveWorld): readonly string[] =>
  Object.keys(
    objectAt(live.world.resources.get(scaleSet), 'identity', 'userAssignedIdentities'),
  ).map((id) => id.slice(id.lastIndexOf('/') + 1));
const assigned = (live: LiveWorld, namespace?: string) =>
  live.list('AzureAssignedIdentity', namespace);
const mic = 'aad-pod-identity/aad-pod-identity-mic';
const replicas = (count: number) => (object: KubeObject) =>
  withAt(object, ['spec', 'replicas'], count);

describe('MIC', () => {
  it('assigns one identity for each pod that a binding reaches, in every namespace unless the identity is namespaced', () => {
    const live = fixtureWorld(name);

    const found = assigned(live).map((one) => [
      one.metadata['namespace'],
      textAt(one, 'spec', 'podNamespace'),
      textAt(one, 'spec', 'azureIdentityRef', 'metadata', 'name'),
      textAt(one, 'status', 'status'),
    ]);
    const times = (row: readonly string[], count: number) =>
      Array<readonly string[]>(count).fill(row);
    expect(found.sort()).toEqual([
      ...times(['default', 'team-a', 'shared-kv', 'Assigned'], 3),
      ...times(['default', 'team-b', 'shared-kv', 'Assigned'], 3),
      ...times(['platform', 'platform', 'ns-only', 'Assigned'], 3),
    ]);
    for (const one of assigned(live)) {
      expect(one.metadata).toMatchObject({
        finalizers: ['azureassignedidentity.finalizers.aadpodidentity.k8s.io'],
      });
      const { pod, podNamespace } = one['spec'] as JsonObject;
      expect(live.get('Pod', `${podNamespace as string}/${pod as string}`)).toBeDefined();
    }
    expect(onNodes(live)).toEqual(expect.arrayContaining(['id-shared-kv', 'id-ns-only']));
  });

  it('takes an identity off the nodes when nobody uses it, forty to sixty seconds later', () => {
    const live = fixtureWorld(name);

    live.remove('AzureIdentityBinding', 'platform/shared-kv-binding');
    live.pass(30);
    expect(assigned(live, 'default')).toHaveLength(6);
    expect(onNodes(live)).toContain('id-shared-kv');
    live.pass(90);

    expect(assigned(live, 'default')).toEqual([]);
    expect(onNodes(live)).not.toContain('id-shared-kv');
    expect(onNodes(live)).toEqual(
      expect.arrayContaining(['id-ns-only', 'aks-legacy-weu-agentpool']),
    );
  });

  it('keeps one that is still used, and gives it again when it is bound again', () => {
    const live = fixtureWorld(name);
    live.change('Deployment', 'team-a/app', replicas(0));
    live.pass(180);
    expect(assigned(live, 'default')).toHaveLength(3);
    expect(onNodes(live)).toContain('id-shared-kv');

    live.change('Deployment', 'team-b/app', replicas(0));
    live.pass(180);
    expect(onNodes(live)).not.toContain('id-shared-kv');
    live.change('Deployment', 'team-a/app', replicas(1));
    live.pass(20);
    expect(assigned(live, 'default')).toMatchObject([{ status: { status: 'Created' } }]);
    live.pass(90);

    expect(assigned(live, 'default')).toMatchObject([{ status: { status: 'Assigned' } }]);
    expect(onNodes(live)).toContain('id-shared-kv');
  });

  it('leaves identities alone that it is told to', () => {
    const live = fixtureWorld(name);
    live.change('Deployment', mic, (object) =>
      withAt(
        object,
        ['spec', 'template', 'spec', 'containers'],
        [
          {
            ...{ name: 'mic', image: 'mcr.microsoft.com/oss/azure/aad-pod-identity/mic:v1.8.17' },
            args: ['--immutable-user-msis=e206741e-d80c-4ee1-8060-995d90deb5ab'],
          },
        ],
      ),
    );
    live.pass(60);

    live.remove('AzureIdentityBinding', 'platform/shared-kv-binding');
    live.pass(180);

    expect(assigned(live, 'default')).toEqual([]);
    expect(onNodes(live)).toContain('id-shared-kv');
  });

  it('that is gone leaves assigned identities stuck, and the identities on the nodes', () => {
    const live = fixtureWorld(name);
    live.change('Deployment', mic, replicas(0));
    live.pass(60);

    live.remove('AzureIdentityBinding', 'platform/shared-kv-binding');
    for (const one of assigned(live, 'default')) {
      live.remove('AzureAssignedIdentity', `default/${one.metadata['name'] as string}`, 0);
    }
    live.pass(3600);
    expect(assigned(live, 'default')).toHaveLength(6);
    expect(onNodes(live)).toContain('id-shared-kv');
    for (const one of assigned(live, 'default')) {
      const path = `default/${one.metadata['name'] as string}`;
      live.change('AzureAssignedIdentity', path, (object) =>
        withAt(object, ['metadata', 'finalizers'], undefined),
      );
    }
    live.pass(60);

    expect(assigned(live, 'default')).toEqual([]);
    expect(onNodes(live)).toContain('id-shared-kv');
  });
});

import { inspectBundle } from '../../../domain/bundle/inspection';
import type { Inspection } from '../../../domain/bundle/inspection';
import { clusterFixture } from '../../support/fixtures';

type Json = Readonly<Record<string, unknown>>;

const group = '/subscriptions/4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001/resourceGroups';
const nodeGroup = `${group}/MC_rg-web_aks-web_westeurope`;
const subnet = `${group}/rg-net/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes`;
const zone = `${nodeGroup}/providers/Microsoft.Network/dnszones/web.example`;
const principalId = '3f9c296f-54a7-498d-a8a9-b3efea1b793f';

/** A clean cluster on a system-assigned identity, changed in some members of it and of what was read around it. */
function inspected(properties: Json, context: Json = {}, roles: readonly Json[] = []): Inspection {
  const clean = JSON.parse(JSON.stringify(clusterFixture('s02'))) as {
    now: string;
    cluster: { properties: Json };
    context: { roleAssignments: Json[] };
  };
  const cluster = { ...clean.cluster, properties: { ...clean.cluster.properties, ...properties } };
  const roleAssignments = [...clean.context.roleAssignments, ...roles];
  return inspectBundle({
    ...clean,
    cluster,
    context: { ...clean.context, roleAssignments, ...context },
  });
}

function rulesOf({ findings }: Inspection): readonly string[] {
  return findings
    .map(({ rule, subject }) => `${rule} ${subject}`)
    .filter((one) => /^(IDN|ROL)/.test(one));
}

function stateOf({ requiredRoleAssignments }: Inspection, id: string): string | undefined {
  return requiredRoleAssignments.find(({ requirement }) => requirement === id)?.state;
}

function assigned(
  guid: string,
  scope: string,
  { name = 'a', holder = principalId }: { readonly name?: string; readonly holder?: string } = {},
): Json {
  const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  return { id, name, properties: { roleDefinitionId, principalId: holder, scope } };
}

const networkContributor = '4d97b98b-1d4f-4787-a291-c67834d212e7';
const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const inSubnet = { agentPoolProfiles: [{ name: 'sys', mode: 'System', vnetSubnetID: subnet }] };

describe('a look at a saved cluster', () => {
  it('does not ask for roles in a node resource group where Azure denies every write', () => {
    const routing = {
      ingressProfile: {
        webAppRouting: {
          enabled: true,
          dnsZoneResourceIds: [zone],
          nginx: { defaultIngressControllerType: 'None' },
          identity: { objectId: 'router', clientId: 'client' },
        },
      },
    };
    const locked = inspected({
      ...routing,
      nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' },
    });

    expect(stateOf(locked, 'RR-APPR-DNS')).toBe('blocked');
    expect(locked.createRoleAssignments).toEqual([]);
    expect(rulesOf(locked)).toEqual(['ROL-013 RR-APPR-DNS:webAppRouting']);
    expect(stateOf(inspected(routing), 'RR-APPR-DNS')).toBeUndefined();
  });

  it('knows an add-on identity of which only the object id is shown', () => {
    const addonProfiles = {
      azurepolicy: { enabled: true, config: null, identity: { objectId: 'policy-agent' } },
    };
    const inspection = inspected({ addonProfiles }, {}, [
      assigned(owner, `${group}/rg-web`, { name: 'powerful', holder: 'policy-agent' }),
    ]);

    expect(rulesOf(inspection)).toEqual(['ROL-006 powerful']);
    expect(inspection.identities.map(({ key }) => key)).toContain('addon:azurepolicy');
  });

  it('does not take scale sets of other groups for pools, whatever their tags', () => {
    const scaleSet = (where: string) => ({
      id: `${where}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss`,
      type: 'Microsoft.Compute/virtualMachineScaleSets',
      tags: { 'AKS-managed-poolName': 'apps', 'aks-managed-enable-imds-restriction': 'true' },
      identity: {},
    });
    const seen = (where: string) => rulesOf(inspected({}, { resources: [scaleSet(where)] }));

    expect(seen(`${group}/rg-other`)).toEqual([]);
    expect(seen(nodeGroup)).toEqual(['IDN-003 pool:apps']);
  });

  it('asks for nothing on a network whose private cluster uses no private zone', () => {
    const resources = [
      {
        id: subnet.slice(0, subnet.indexOf('/subnets/')),
        type: 'Microsoft.Network/virtualNetworks',
        properties: { dhcpOptions: { dnsServers: ['10.0.0.4'] } },
      },
    ];
    const zoned = (privateDNSZone: string) =>
      inspected(
        { ...inSubnet, apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone } },
        { resources },
      ).requiredRoleAssignments.map(({ requirement }) => requirement);

    expect(zoned('None')).toEqual(['RR-NODERG', 'RR-SUBNET']);
    expect(zoned('system')).toContain('RR-VNET-PDNS');
  });

  it('takes a right on the key for one on the vault', () => {
    const vault = `${group}/rg-web/providers/Microsoft.KeyVault/vaults/kv`;
    const azureKeyVaultKms = {
      enabled: true,
      keyId: 'https://kv.vault.azure.net/keys/etcd/1',
      keyVaultResourceId: vault,
    };
    const resources = [
      {
        id: vault,
        type: 'Microsoft.KeyVault/vaults',
        properties: { enableRbacAuthorization: true },
      },
    ];
    const cryptoUser = '12338af0-0e69-4776-bea7-57ae8d297424';
    const at = (scope: string) =>
      inspected({ securityProfile: { azureKeyVaultKms } }, { resources }, [
        assigned(cryptoUser, scope),
      ]);

    expect(stateOf(at(`${vault}/keys/etcd`), 'RR-KMS-CRYPTO')).toBe('covered');
    expect(stateOf(at(`${vault}/keys/other`), 'RR-KMS-CRYPTO')).toBe('missing');
  });

  it('lets a deny assignment hold where it says, and not below when it says so', () => {
    const denied = (more: Json) =>
      stateOf(
        inspected(
          inSubnet,
          {
            denyAssignments: [
              {
                properties: {
                  scope: `${group}/rg-net`,
                  permissions: [{ actions: ['*'], notActions: [] }],
                  principals: [{ id: '00000000-0000-0000-0000-000000000000' }],
                  ...more,
                },
              },
            ],
          },
          [assigned(networkContributor, subnet)],
        ),
        'RR-SUBNET',
      );

    expect([denied({}), denied({ doNotApplyToChildScopes: true })]).toEqual(['missing', 'present']);
  });

  it('asks for no kubelet identity where Azure runs the system nodes', () => {
    const without = { identityProfile: null };

    expect(rulesOf(inspected(without))).toContain('IDN-005 cluster');
    const hosted = inspected({ ...without, hostedSystemProfile: { enabled: true } });
    expect(rulesOf(hosted)).not.toContain('IDN-005 cluster');
  });

  it('says both of an integration that is managed and old', () => {
    const aadProfile = { managed: true, enableAzureRBAC: false, serverAppID: 'old' };

    expect(rulesOf(inspected({ aadProfile }))).toEqual(['IDN-010 cluster', 'IDN-011 cluster']);
  });

  it('cannot tell what a registry takes that was not read', () => {
    const registry = `${group}/rg-shared/providers/Microsoft.ContainerRegistry/registries/cr`;
    const kubelet = (clusterFixture('s02').cluster as unknown as { properties: Json }).properties[
      'identityProfile'
    ] as { kubeletidentity: { objectId: string } };
    const pull = assigned('7f951dda-4ed3-4680-a7ca-43fe172d538d', registry, {
      name: 'pull',
      holder: kubelet.kubeletidentity.objectId,
    });
    const inspection = inspected({}, { policy: { registries: [registry] }, resources: [] }, [pull]);

    expect(stateOf(inspection, 'RR-ACR')).toBe('unknown');
    expect(inspection.unknown).toContain('ROL-001');
  });

  it('says that somebody is at work on the cluster', () => {
    const inspection = inspected(
      { provisioningState: 'Updating' },
      { policy: { controlPlaneIdentity: 'UserAssigned' } },
    );

    expect(inspection.identityPlan?.blockedBy).toEqual([
      'aks-web is Updating: wait until that has ended',
    ]);
  });

  it('counts neither the cluster among the others nor an assignment twice', () => {
    const own = clusterFixture('s02').cluster as unknown as Json;
    const twice = assigned(networkContributor, `${group}/rg-elsewhere`, { name: 'twice' });
    const inspection = inspected({}, { otherClusters: [own] }, [twice, twice]);

    expect(rulesOf(inspection)).toEqual(['ROL-012 twice']);
  });

  it('takes the id of a role as ARM does', () => {
    const { properties, ...rest } = assigned(networkContributor, subnet);
    const spelled = `${String((properties as Json)['roleDefinitionId']).toUpperCase()}/`;
    const slashed = { ...rest, properties: { ...(properties as Json), roleDefinitionId: spelled } };

    expect(stateOf(inspected(inSubnet, {}, [slashed]), 'RR-SUBNET')).toBe('present');
  });

  it('lists identities of workloads that trust the issuer of the cluster', () => {
    const issuer = 'https://westeurope.oic.prod-aks.azure.com/t/c/';
    const identity = `${group}/rg-web/providers/Microsoft.ManagedIdentity/userAssignedIdentities/orders`;
    const credential = (name: string, from: string) => ({
      ...{ id: `${identity}/federatedIdentityCredentials/${name}`, name },
      properties: { issuer: from, subject: 'system:serviceaccount:shop:orders', audiences: [] },
    });
    const { identities } = inspected(
      { oidcIssuerProfile: { enabled: true, issuerURL: issuer } },
      { federatedCredentials: [credential('here', issuer), credential('there', 'https://other/')] },
    );

    expect(identities.find(({ key }) => key === 'workload:orders')).toMatchObject({
      resourceId: identity,
      federatedCredentials: [{ name: 'here' }, { name: 'there' }],
    });
  });

  it.each([
    [
      'a control plane that is none',
      { controlPlaneIdentity: 'Foo' },
      /^policy\.controlPlaneIdentity: /,
    ],
    ['registries that are text', { registries: 'x' }, /^policy\.registries: /],
  ])('refuses %s in the policy', (_what, policy, message) => {
    expect(() => inspected({}, { policy })).toThrow(message);
  });

  it.each([
    ['pools', { agentPoolProfiles: 'none' }, /^cluster\.properties\.agentPoolProfiles: /],
    [
      'a subnet',
      { agentPoolProfiles: [{ vnetSubnetID: 1 }] },
      /^cluster\.properties\.agentPoolProfiles\.0/,
    ],
  ])('names the member where %s have the wrong form', (_what, properties, message) => {
    expect(() => inspected(properties)).toThrow(message);
  });

  it('refuses a secret that ends at no time', () => {
    const graph = { applications: [{ passwordCredentials: [{ endDateTime: 'soon' }] }] };

    expect(() => inspected({}, { graph })).toThrow(/endDateTime: is no time/);
  });
});

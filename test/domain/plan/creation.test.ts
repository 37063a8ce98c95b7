import { CreationSpec } from '../../../domain/creation-spec';
import { planCreation } from '../../../domain/plan/creation';
import type { CreationSurroundings } from '../../../domain/plan/creation';
import { podIdentityFeature } from '../../../domain/policy';
import {
  aPolicy,
  anAssignment,
  armId,
  controlPlanePrincipal,
  identityId,
  nodeSubnet,
  registry,
} from '../../support/clusters';

const accepted = { acceptUnsupported: true, expires: '2027-03-31' };
const group = armId.slice(0, armId.indexOf('/providers/'));
const nothing: CreationSurroundings = {
  exists: false,
  missingGroups: [group],
  features: {},
  registries: { [registry.toLowerCase()]: 'rbac' },
  assignments: [],
};

function specOf(overrides: object = {}): CreationSpec {
  return CreationSpec.parse({
    cluster: armId,
    location: 'westeurope',
    pools: [{ name: 'system', vmSize: 'Standard_D4ds_v5' }],
    network: { subnetId: nodeSubnet },
    ...overrides,
  });
}

function plan(spec: CreationSpec, around: Partial<CreationSurroundings> = {}, policy = aPolicy()) {
  const asOf = '2026-11-24T08:00:00.000Z';
  return planCreation(spec, { around: { ...nothing, ...around }, policy, runId: 'run_1', asOf });
}

function outline(...given: Parameters<typeof plan>): readonly unknown[] {
  return plan(...given).steps.map((step) => {
    if (step.kind === 'assignRoles') return [step.principal, ...step.roles.map(({ id }) => id)];
    return step.kind === 'createIdentity' ? `create ${step.principal}` : step.kind;
  });
}

const pulling = aPolicy({ roles: { registries: [registry] } });

describe('the plan of a new cluster', () => {
  it('makes everything that can exist before the cluster, with all its roles', () => {
    expect(outline(specOf({ kubelet: 'own' }), {}, pulling)).toEqual([
      'createResourceGroup',
      'create controlPlane',
      'create kubelet',
      ['controlPlane', 'RR-SUBNET', 'RR-KUBELET-MIO'],
      ['kubelet', 'RR-ACR'],
      'createCluster',
    ]);
  });

  it('assigns afterwards what Azure makes with the cluster', () => {
    expect(outline(specOf({ controlPlane: 'systemAssigned' }), {}, pulling)).toEqual([
      'createResourceGroup',
      'createCluster',
      ['controlPlane', 'RR-SUBNET'],
      ['kubelet', 'RR-ACR'],
    ]);
  });

  it('leaves what is there already', () => {
    const targetIdentity = {
      resourceId: identityId('id-aks-orders-cp'),
      principalId: controlPlanePrincipal,
    };
    const around = {
      missingGroups: [],
      targetIdentity,
      assignments: [anAssignment('Network Contributor')],
    };

    expect(outline(specOf(), around)).toEqual(['createCluster']);
  });

  it('needs the network and the zone of a private cluster', () => {
    const dnsZoneId = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.x`;

    expect(outline(specOf({ privateCluster: { dnsZoneId } }))).toContainEqual([
      'controlPlane',
      'RR-VNET-PDNS',
      'RR-PDNSZONE',
    ]);
  });

  it('registers the flag of pod identity where that is wanted', () => {
    const { steps } = plan(specOf({ podIdentity: accepted }));

    expect(steps[0]).toMatchObject({ kind: 'registerFeature', feature: podIdentityFeature });
    expect(steps.at(-1)).toMatchObject({
      body: { properties: { podIdentityProfile: { enabled: true } } },
    });
  });

  it('asks Azure for exactly that cluster, under the mark of the run', () => {
    const spec = specOf({ kubelet: 'own', tags: { team: 'orders' }, dnsPrefix: 'orders' });

    expect(plan(spec).steps.at(-1)).toMatchObject({
      kind: 'createCluster',
      resourceId: armId,
      body: {
        location: 'westeurope',
        tags: { team: 'orders', 'aks-identity-steward-run': 'run_1' },
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [identityId('id-aks-orders-cp')]: {} },
        },
        properties: {
          dnsPrefix: 'orders',
          agentPoolProfiles: [{ name: 'system', count: 3, vnetSubnetID: nodeSubnet }],
          networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay' },
          identityProfile: {
            kubeletidentity: { resourceId: identityId('id-aks-orders-kubelet') },
          },
        },
      },
    });
  });

  it('is blocked where the name is taken', () => {
    expect(plan(specOf(), { exists: true }).blockers).toMatchObject([
      { code: 'Conflict', target: armId },
    ]);
  });

  it('is blocked where there is no such subnet', () => {
    expect(plan(specOf(), { missingSubnet: nodeSubnet }).blockers).toMatchObject([
      { code: 'NotFound', message: expect.stringContaining(nodeSubnet) as string },
    ]);
  });

  it('is blocked where pod identity is wanted, and its flag forbidden', () => {
    const policy = aPolicy({ features: { forbidden: [podIdentityFeature] } });

    expect(plan(specOf({ podIdentity: accepted }), {}, policy).blockers).toMatchObject([
      { code: 'DeniedByPolicy' },
    ]);
    expect(plan(specOf(), {}, policy).blockers).toEqual([]);
  });

  it('lets only Microsoft Entra in, unless local accounts are wanted', () => {
    const bodyOf = (access: object) => plan(specOf(access)).steps.at(-1);

    expect(bodyOf({})).toMatchObject({
      body: {
        properties: {
          disableLocalAccounts: true,
          aadProfile: { managed: true, enableAzureRBAC: true },
        },
      },
    });
    expect(JSON.stringify(bodyOf({ access: 'localAccounts' }))).not.toMatch(/aadProfile|Local/);
  });

  it('takes subnets for subnets only', () => {
    const network = { subnetId: nodeSubnet.slice(0, nodeSubnet.indexOf('/subnets/')) };

    expect(() => specOf({ network })).toThrow(/ARM id of a subnet/);
  });

  it('is blocked where AKS needs a user-assigned identity', () => {
    const dnsZoneId = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.x`;
    const spec = specOf({ controlPlane: 'systemAssigned', privateCluster: { dnsZoneId } });

    expect(plan(spec).blockers).toMatchObject([{ code: 'Unsupported' }]);
    expect(plan(specOf()).blockers).toEqual([]);
  });
});

import { at, textAt } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { codeOf } from '../support/world';
import { aks, caller, cluster, contributor, granted, group, resources } from './a-caller';

const network = `${group}/providers/Microsoft.Network`;
const linked = {
  address: `${network}/publicIPAddresses/ip`,
  prefix: `${network}/publicIPPrefixes/out`,
  nodePrefix: `${network}/publicIPPrefixes/nodes`,
  disks: `${group}/providers/Microsoft.Compute/diskEncryptionSets/des`,
};

describe('a write of a cluster by somebody who has a role on nothing but the cluster', () => {
  let azure: Driven;
  let token: string;
  beforeAll(async () => {
    azure = await drive({ scenario: { behaviour: { rights: 'enforced' } } });
    const query = 'resource=https://management.azure.com&api-version=2019-08-01';
    const { body } = await azure.arm('GET', `/_identity/token?${query}`, {
      headers: { 'x-identity-header': caller },
    });
    token = textAt(body, 'access_token') ?? '';
    const there = Object.values(linked).map((id) => ({ id, name: 'there', properties: {} }));
    await azure.control('PUT', 'world', {
      resources: [...resources, ...granted([{ role: contributor, scope: cluster }]), ...there],
    });
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  const balancer = (loadBalancerProfile: object) => ({ networkProfile: { loadBalancerProfile } });

  it.each<readonly [string, string, object]>([
    [
      'an outbound address',
      'Microsoft.Network/publicIPAddresses/join/action',
      balancer({ outboundIPs: { publicIPs: [{ id: linked.address }] } }),
    ],
    [
      'an outbound prefix',
      'Microsoft.Network/publicIPPrefixes/join/action',
      balancer({ outboundIPPrefixes: { publicIPPrefixes: [{ id: linked.prefix }] } }),
    ],
    [
      'a prefix of its nodes',
      'Microsoft.Network/publicIPPrefixes/join/action',
      { agentPoolProfiles: [{ name: 'system', nodePublicIPPrefixID: linked.nodePrefix }] },
    ],
    [
      'a disk encryption set',
      'Microsoft.Compute/diskEncryptionSets/read',
      { diskEncryptionSetID: linked.disks },
    ],
  ])('is refused with %s', async (_what, action, properties) => {
    const { status, body } = await azure.arm('PUT', `${cluster}?${aks}`, {
      body: { location: 'westeurope', properties },
      headers: { authorization: `Bearer ${token}` },
    });

    expect([status, codeOf(body)]).toEqual([403, 'LinkedAuthorizationFailed']);
    expect(at(body, 'error', 'message')).toMatch(`perform action(s) '${action}'`);
  });
});

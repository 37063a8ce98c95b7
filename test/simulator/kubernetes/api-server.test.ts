import fleet25 from '../../data/scenarios/fleet-25.json';
import { at, objectsAt, textAt, withAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { clustersOf, codeOf, worldOf } from '../support/world';
import { kubeconfigOf, reach } from './a-cluster';

// Their kubeconfig has a certificate and a token of the cluster's own.
const withLocalAccounts = { ...fleet25, fleet: { ...fleet25.fleet, localAccounts: 1 } };

/** What kubectl sends. */
const forPrinting =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
const aggregated =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

describe('the API server of a cluster', () => {
  let azure: Driven;
  let id: string;
  beforeEach(async () => {
    azure = await drive({ scenario: withLocalAccounts });
    const found = await clustersOf(
      azure,
      (one) => textAt(one, 'properties', 'powerState', 'code') === 'Running',
    );
    id = found[0]?.id ?? '';
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  /** The cluster with some properties set behind ARM's back. */
  async function set(properties: Readonly<Record<string, unknown>>): Promise<void> {
    const world = await worldOf(azure);
    const changed = Object.entries(properties).reduce(
      (cluster, [name, value]) => withAt(cluster, ['properties', name], value as never),
      world[id.toLowerCase()] ?? {},
    );
    await azure.control('PUT', 'world', { ...world, [id.toLowerCase()]: changed });
  }

  it.each(['token', 'certificate'] as const)('knows the %s of its kubeconfig', async (as) => {
    const inside = await reach(azure, id);
    const { status, body } = await inside.ask('GET', '/version', { as });

    expect([status, at(body, 'gitVersion')]).toEqual([200, 'v1.35.4']);
  });

  it('has the same kubeconfig and the same nodes for the same seed, but for its port', async () => {
    await using twin = await drive({ scenario: withLocalAccounts });
    const [one, other] = [await reach(azure, id), await reach(twin, id)];
    const [nodes, same] = [
      await one.ask('GET', '/api/v1/nodes'),
      await other.ask('GET', '/api/v1/nodes'),
    ];

    expect(other.kubeconfig.replace(other.server, one.server)).toBe(one.kubeconfig);
    expect(objectsAt(same.body, 'items').map(uidOf)).toEqual(
      objectsAt(nodes.body, 'items').map(uidOf),
    );
  });

  it('knows nobody else', async () => {
    const inside = await reach(azure, id);
    const nobody = await inside.ask('GET', '/healthz', { as: 'nobody' });
    const headers = { authorization: 'Bearer other' };
    const other = await inside.ask('GET', '/api/v1/nodes', { as: 'nobody', headers });

    expect([nobody.status, other.status]).toEqual([401, 401]);
    expect(at(other.body, 'kind')).toBe('Status');
  });

  it('takes Entra tokens where Entra is integrated, and refuses those it is told to', async () => {
    await set({ aadProfile: { managed: true }, disableLocalAccounts: true });
    const kubeconfig = await kubeconfigOf(azure, id);
    const reader = 'a3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';
    const issued = await fetch(
      `${azure.simulator.url}/_identity/token?api-version=2019-08-01&resource=6dae42f8-4368-4678-94ff-3960e28e3630`,
      { headers: { 'x-identity-header': reader } },
    );
    const { access_token: token } = (await issued.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token}` };
    const inside = await reach(azure, id);
    const known = await inside.ask('GET', '/api/v1/nodes', { as: 'nobody', headers });
    await azure.control('PATCH', 'behaviour', { kubernetes: { forbidden: [reader] } });
    const refused = await inside.ask('GET', '/api/v1/nodes', { as: 'nobody', headers });
    const admin = await azure.arm(
      'POST',
      `${id}/listClusterAdminCredential?api-version=2026-06-01`,
    );

    expect(kubeconfig).toContain('command: kubelogin');
    expect(kubeconfig).not.toContain('client-key-data');
    expect([known.status, refused.status]).toEqual([200, 403]);
    expect(textAt(refused.body, 'message')).toContain(`User "${reader}" cannot list`);
    expect([admin.status, codeOf(admin.body)]).toEqual([400, 'BadRequest']);
  });

  it('prints nodes as kubectl wants them', async () => {
    const inside = await reach(azure, id);
    const { body } = await inside.ask('GET', '/api/v1/nodes?limit=500', {
      headers: { accept: forPrinting },
    });
    const names = objectsAt(body, 'columnDefinitions').map(({ name }) => name);

    expect(at(body, 'kind')).toBe('Table');
    expect(names.slice(0, 5)).toEqual(['Name', 'Status', 'Roles', 'Age', 'Version']);
    expect(objectsAt(body, 'rows')[0]?.['cells']).toHaveLength(names.length);
  });

  it('is discovered in the aggregated form and in the old one', async () => {
    const inside = await reach(azure, id);
    const accept = { headers: { accept: aggregated } };
    const { body, type } = await inside.ask('GET', '/api', accept);
    const old = await inside.ask('GET', '/api/v1');
    const [core] = objectsAt(body, 'items');
    const [version] = objectsAt(core, 'versions');

    expect(type).toContain('as=APIGroupDiscoveryList');
    const names = objectsAt(version, 'resources').map(({ resource }) => resource);
    const listed = objectsAt(old.body, 'resources').map(({ name }) => name);

    expect(names).toEqual(expect.arrayContaining(['nodes', 'pods', 'serviceaccounts']));
    expect(listed).toEqual(expect.arrayContaining([...names, 'pods/log', 'serviceaccounts/token']));
  });

  it.each([
    ['GET /api/v1/gizmos', 404],
    ['GET /apis/aadpodidentity.k8s.io/v1/azureidentities', 404],
    ['GET /api/v1/nodes/absent', 404],
    ['DELETE /api/v1/nodes', 405],
    ['GET /api/v1/nodes?labelSelector=a%20b%20c', 400],
    ['GET /api/v1/nodes?fieldSelector=spec.podCIDR%3Dx', 400],
    ['GET /api/v1/nodes?limit=1&continue=nonsense', 400],
  ])('answers %s by a Status %d', async (asked, code) => {
    const [method = '', path = ''] = asked.split(' ');
    const inside = await reach(azure, id);
    const { status, body } = await inside.ask(method, path);

    expect([status, at(body, 'kind'), at(body, 'code')]).toEqual([code, 'Status', code]);
  });

  it('answers nobody who takes neither JSON nor a table', async () => {
    const inside = await reach(azure, id);
    const headers = { accept: 'text/html' };
    const { status, body } = await inside.ask('GET', '/api/v1/nodes', { headers });

    expect([status, at(body, 'code')]).toEqual([406, 406]);
  });

  it.each([
    ['text/plain', '{}', 415],
    ['application/merge-patch+json', '{', 400],
    ['application/merge-patch+json', '{"metadata":{"resourceVersion":"1"}}', 409],
    ['application/json-patch+json', '[{"op":"test","path":"/spec/x","value":1}]', 422],
    ['application/json-patch+json', '[{"op":"replace","path":"/a/b/c","value":1}]', 422],
  ])('answers a patch of type %s with %s by a Status %d', async (type, body, code) => {
    const inside = await reach(azure, id);
    const { body: nodes } = await inside.ask('GET', '/api/v1/nodes');
    const name = textAt(objectsAt(nodes, 'items')[0], 'metadata', 'name') ?? '';
    const headers = { 'content-type': type };
    const reply = await inside.ask('PATCH', `/api/v1/nodes/${name}`, { headers, body });

    expect([reply.status, at(reply.body, 'code')]).toEqual([code, code]);
  });

  it('breaks every connection while the cluster is stopped', async () => {
    const inside = await reach(azure, id);
    await azure.arm('POST', `${id}/stop?api-version=2026-06-01`);
    azure.advanceMinutes(10);

    await expect(inside.ask('GET', '/version')).rejects.toThrow(/ECONNRESET|hang up|disconnected/);
  });

  it('is not on loopback when the cluster is private, unless the settings say so', async () => {
    await set({ apiServerAccessProfile: { enablePrivateCluster: true } });
    const hidden = await kubeconfigOf(azure, id);
    await azure.control('PATCH', 'behaviour', { kubernetes: { privateClusters: 'reachable' } });
    const reachable = await kubeconfigOf(azure, id);

    expect(hidden).toContain('azmk8s.io:443');
    expect(reachable).toContain('https://127.0.0.1:');
  });

  it('gives way when more clusters are asked for than may listen', async () => {
    await azure.control('PATCH', 'behaviour', { kubernetes: { openEndpoints: 1 } });
    const all = await clustersOf(azure, (one) => one['id'] !== id);
    const inside = await reach(azure, id);
    await inside.ask('GET', '/version');
    await reach(azure, all[0]?.id ?? '');

    await expect(inside.ask('GET', '/version')).rejects.toThrow('ECONNREFUSED');
    const again = await reach(azure, id);
    expect(again.server).toBe(inside.server);
  });
});

function uidOf(node: Json): string | undefined {
  return textAt(node, 'metadata', 'uid');
}

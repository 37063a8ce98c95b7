import etags from '../data/contracts/etags.json';
import { at, objectsAt, textAt } from '../../simulator/json';
import type { Json, JsonObject } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven, Reply } from './support/running';
import { codeOf } from './support/world';

const aks = 'api-version=2026-06-01';
const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
const group = `${subscription}/resourceGroups/rg`;
const id = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-app`;
const feature = `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/EnablePodIdentityPreview`;

const cluster = {
  id,
  name: 'aks',
  location: 'westeurope',
  eTag: 'first',
  properties: {
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    nodeResourceGroup: 'MC_rg_aks',
    servicePrincipalProfile: { clientId: 'sp' },
    futureProfile: { notYetKnown: true },
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, eTag: 's1', upgradeSettings: { maxSurge: '1' } },
      { name: 'apps', mode: 'User', count: 7, eTag: 'a1', upgradeSettings: { maxSurge: '33%' } },
    ].map((pool) => ({
      ...pool,
      provisioningState: 'Succeeded',
      nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202609.23.0',
    })),
  },
  $truth: { servicePrincipalObjectId: 'sp-object' },
};

describe('writes of a managed cluster', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  beforeEach(() => reset(azure, [cluster]));
  afterAll(() => azure[Symbol.asyncDispose]());

  it.each(etags.rules)(
    'answers $method with If-Match "$ifMatch" and If-None-Match "$ifNoneMatch" by the matrix (exists: $exists)',
    async (rule) => {
      const path = rule.exists ? id : id.replace(/aks$/, 'aks-none');
      const headers = conditions(rule);
      const body = rule.method === 'PATCH' ? { tags: {} } : { location: 'westeurope' };

      const reply = await azure.arm(rule.method, `${path}?${aks}`, { headers, body });

      // An accepted deletion of something that exists is an operation: 202.
      const accepted = rule.method === 'DELETE' && rule.status === 200 ? 202 : rule.status;
      expect(reply.status).toBe(accepted);
    },
  );

  it('keeps members that nobody knows, and takes no read-only ones', async () => {
    const reply = await put({
      ...cluster,
      properties: { maxAgentPools: 7, provisioningState: 'x' },
    });

    expect(at(reply.body, 'properties', 'futureProfile')).toEqual({ notYetKnown: true });
    expect(at(reply.body, 'properties', 'maxAgentPools')).toBeUndefined();
    expect(at(reply.body, 'properties', 'provisioningState')).toBe('Updating');
  });

  it('changes the eTags of the cluster and all pools with a cluster operation', async () => {
    await put(cluster);
    azure.advanceMinutes(7);

    const after = await get();

    expect(textAt(after, 'eTag')).not.toBe('first');
    expect(poolsOf(after).map(({ eTag }) => eTag)).not.toEqual(
      expect.arrayContaining(['s1', 'a1']),
    );
  });

  it('changes only the eTag of the pool with a pool operation', async () => {
    await roll('apps');

    const after = await get();

    expect(textAt(after, 'eTag')).toBe('first');
    expect(poolsOf(after)[0]?.['eTag']).toBe('s1');
    expect(poolsOf(after)[1]?.['eTag']).not.toBe('a1');
  });

  it('lets one operation run on a cluster, and names it to the next', async () => {
    await put(cluster);

    const second = await put(cluster);
    const pool = await roll('apps');

    expect([second.status, codeOf(second.body)]).toEqual([409, 'OperationNotAllowed']);
    expect(textAt(second.body, 'message')).toContain('Another operation (Updating) is in progress');
    expect([pool.status, codeOf(pool.body)]).toEqual([409, 'OperationNotAllowed']);
  });

  it('rolls two pools at once but no pool twice, and no cluster meanwhile', async () => {
    await roll('apps');

    const other = await roll('system');
    const same = await roll('apps');
    const whole = await put(cluster);

    expect(other.status).toBe(202);
    expect([same.status, whole.status]).toEqual([409, 409]);
    expect(textAt(whole.body, 'message')).toContain('on agent pool (system)');
  });

  it('takes four to six simulated minutes for a cluster write', async () => {
    await put(cluster);
    azure.advanceMinutes(3.9);
    const early = await get();
    azure.advanceMinutes(2.2);
    const late = await get();

    expect(at(early, 'properties', 'provisioningState')).toBe('Updating');
    expect(at(late, 'properties', 'provisioningState')).toBe('Succeeded');
  });

  it('rolls a pool batch by batch: five minutes and four for each batch', async () => {
    await roll('apps'); // 7 nodes, 33 % surge: 3 at a time, 3 batches, 17 minutes
    azure.advanceMinutes(16.9);
    const early = poolsOf(await get())[1];
    azure.advanceMinutes(0.2);
    const late = poolsOf(await get())[1];

    expect(early?.['provisioningState']).toBe('UpgradingNodeImageVersion');
    expect(early?.['nodeImageVersion']).toContain('202609.23.0');
    expect(late?.['provisioningState']).toBe('Succeeded');
    expect(late?.['nodeImageVersion']).toContain('202611.11.0');
  });

  it('remembers in the upgrade profile what a pool used before', async () => {
    await roll('apps');
    azure.advanceMinutes(30);

    const { body } = await azure.arm('GET', `${id}/agentPools/apps/upgradeProfiles/default?${aks}`);

    expect(textAt(body, 'properties', 'latestNodeImageVersion')).toContain('202611.11.0');
    const [used] = objectsAt(body, 'properties', 'recentlyUsedVersions');
    expect(textAt(used, 'nodeImageVersion')).toContain('202609.23.0');
  });

  it('rolls back only to an image that was used recently', async () => {
    const older = 'AKSUbuntu-2204gen2containerd-202609.23.0';
    await roll('apps');
    azure.advanceMinutes(30);
    const body = (nodeImageVersion: string) => ({ body: { properties: { nodeImageVersion } } });
    const path = `${id}/agentPools/apps?${aks}`;

    const unknown = await azure.arm('PUT', path, body('AKSUbuntu-2204gen2containerd-202001.01.0'));
    const known = await azure.arm('PUT', path, body(older));
    azure.advanceMinutes(30);

    expect(unknown.status).toBe(400);
    expect(known.status).toBe(200);
    expect(poolsOf(await get())[1]?.['nodeImageVersion']).toBe(older);
  });

  it('re-images nothing when the newest image is there already, unless told to', async () => {
    await roll('apps');
    azure.advanceMinutes(30);
    const before = await truthOfPool('apps');
    await roll('apps');
    azure.advanceMinutes(30);
    const idle = await truthOfPool('apps');
    await azure.control('PATCH', 'behaviour', { alreadyCurrent: 'reimage' });
    await roll('apps');
    azure.advanceMinutes(30);
    const again = await truthOfPool('apps');
    await azure.control('PATCH', 'behaviour', { alreadyCurrent: 'no-op' });

    expect(at(idle, 'rolledAt')).toBe(at(before, 'rolledAt'));
    expect(at(again, 'rolledAt')).toBeGreaterThan(Number(at(before, 'rolledAt')));
  });

  it.each([
    ['two identities', { type: 'UserAssigned', userAssignedIdentities: { '/a': {}, '/b': {} } }],
    ['no identity', { type: 'UserAssigned', userAssignedIdentities: {} }],
    [
      'an identity that is not there',
      { type: 'UserAssigned', userAssignedIdentities: { '/a': {} } },
    ],
  ])('refuses a user-assigned identity with %s', async (_what, wanted) => {
    const reply = await put({ ...cluster, identity: wanted });

    expect(reply.status).toBe(400);
    expect(at(await get(), 'properties', 'provisioningState')).toBe('Succeeded');
  });

  it('does not go back from a managed identity to a service principal', async () => {
    await put({ ...cluster, identity: { type: 'SystemAssigned' } });
    azure.advanceMinutes(7);

    const back = await put({ ...cluster, identity: { type: 'None' } });
    const alsoBack = await put(cluster);

    expect([back.status, alsoBack.status]).toEqual([400, 400]);
  });

  it('re-images by itself after the switch to a system-assigned identity only when told to', async () => {
    await put({ ...cluster, identity: { type: 'SystemAssigned' } });
    azure.advanceMinutes(7);
    const left = await truthOfPool('apps');
    await reset(azure, [cluster]);
    await azure.control('PATCH', 'behaviour', { systemAssignedReimages: true });
    await put({ ...cluster, identity: { type: 'SystemAssigned' } });
    azure.advanceMinutes(7);
    const rolled = await truthOfPool('apps');
    await azure.control('PATCH', 'behaviour', { systemAssignedReimages: false });

    expect(at(left, 'rolledAt')).toBeUndefined();
    expect(at(rolled, 'rolledAt')).toBeDefined();
  });

  it('takes no write while a dead pod identity is on the cluster, except the one without it', async () => {
    const dead = { name: 'app', namespace: 'app', identity: { resourceId: identity } };
    const profile = { enabled: true, userAssignedIdentities: [dead] };
    await reset(azure, [withProperties({ podIdentityProfile: profile })]);

    const any = await put({ location: 'westeurope', properties: { enableRBAC: true } });
    const cure = await put({
      location: 'westeurope',
      properties: { podIdentityProfile: { enabled: false } },
    });
    azure.advanceMinutes(7);

    expect([any.status, codeOf(any.body)]).toEqual([
      400,
      'PodIdentityAddonIdentitiesAssignmentError',
    ]);
    expect(cure.status).toBe(200);
    expect(at(await get(), 'properties', 'podIdentityProfile')).toBeUndefined();
  });

  it('switches the pod-identity add-on on only once its feature has taken effect', async () => {
    const on = { location: 'westeurope', properties: { podIdentityProfile: { enabled: true } } };
    const state = { id: feature, properties: { state: 'Registered' } };
    const managed = { ...cluster, identity: { type: 'SystemAssigned' } };
    await reset(azure, [managed, { ...state, $truth: { effective: false } }]);
    const early = await put(on);
    await azure.arm('POST', `${subscription}/providers/Microsoft.ContainerService/register?${aks}`);
    azure.advanceMinutes(5);

    const late = await put(on);

    expect([early.status, codeOf(early.body)]).toEqual([400, 'PreviewFeatureNotRegistered']);
    expect(late.status).toBe(200);
  });

  it('gives the cluster an issuer only when the write has ended', async () => {
    const on = { location: 'westeurope', properties: { oidcIssuerProfile: { enabled: true } } };

    const accepted = await put(on);
    azure.advanceMinutes(7);

    expect(at(accepted.body, 'properties', 'oidcIssuerProfile', 'issuerURL')).toBeUndefined();
    expect(textAt(await get(), 'properties', 'oidcIssuerProfile', 'issuerURL')).toMatch(
      /^https:\/\/.+\/$/,
    );
  });

  it('ends an aborted operation as canceled', async () => {
    const started = await roll('apps');
    await azure.arm('POST', `${id}/agentPools/apps/abort?${aks}`);
    azure.advanceMinutes(60);

    const url = new URL(started.headers.get('azure-asyncoperation') ?? '');
    const operation = await azure.arm('GET', `${url.pathname}${url.search}`);

    expect(at(operation.body, 'status')).toBe('Canceled');
    expect(poolsOf(await get())[1]?.['nodeImageVersion']).toContain('202609.23.0');
  });

  it('takes a deleted cluster away with its node resource group', async () => {
    const node = { id: `${subscription}/resourceGroups/MC_rg_aks/providers/Microsoft.Network/x/y` };
    await reset(azure, [cluster, node]);

    await azure.arm('DELETE', `${id}?${aks}`);
    azure.advanceMinutes(10);

    const world = JSON.stringify(await azure.control('GET', 'world'));
    expect(world).not.toContain('MC_rg_aks');
    expect((await azure.arm('GET', `${id}?${aks}`)).status).toBe(404);
  });

  const put = (body: unknown): Promise<Reply> => azure.arm('PUT', `${id}?${aks}`, { body });
  const get = async (): Promise<Json> => (await azure.arm('GET', `${id}?${aks}`)).body;
  const roll = (pool: string): Promise<Reply> =>
    azure.arm('POST', `${id}/agentPools/${pool}/upgradeNodeImageVersion?${aks}`);
  const truthOfPool = async (pool: string): Promise<Json | undefined> =>
    at(await azure.control('GET', 'world'), id.toLowerCase(), '$truth', 'pools', pool);
});

function reset(azure: Driven, resources: readonly object[]): Promise<Json> {
  return azure.control('PUT', 'world', { resources });
}

function withProperties(change: JsonObject): object {
  return { ...cluster, properties: { ...cluster.properties, ...change } };
}

function poolsOf(body: Json): readonly JsonObject[] {
  return objectsAt(body, 'properties', 'agentPoolProfiles');
}

function conditions(rule: { ifMatch?: string; ifNoneMatch?: string }): Record<string, string> {
  const { ifMatch = '', ifNoneMatch = '' } = rule;
  return {
    ...(ifMatch !== '' && { 'if-match': ifMatch === 'current' ? '"first"' : ifMatch }),
    ...(ifNoneMatch !== '' && { 'if-none-match': ifNoneMatch }),
  };
}

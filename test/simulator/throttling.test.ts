import { drive } from './support/running';
import type { Driven, Reply } from './support/running';
import { codeOf } from './support/world';

const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
const group = `${subscription}/resourceGroups/rg`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
const graph = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
const groupPath = `${group}?api-version=2025-04-01`;
const clusterPath = `${cluster}?api-version=2026-06-01`;
const identityPath = `${identity}?api-version=2024-11-30`;

describe('a simulated Azure that throttles', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive({ scenario: { behaviour: { throttling: { enforced: true } } } });
    await azure.control('PUT', 'world', {
      resources: [
        { id: cluster, name: 'aks', location: 'westeurope', properties: {} },
        { id: identity, name: 'id', location: 'westeurope', properties: { principalId: 'p' } },
      ],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  /** Status codes of so many equal requests in the same moment. */
  async function burst(count: number, ask: () => Promise<Reply>): Promise<Reply[]> {
    const replies: Reply[] = [];
    for (let i = 0; i < count; i += 1) replies.push(await ask());
    return replies;
  }

  const accepted = (replies: readonly Reply[]) =>
    replies.filter(({ status }) => status < 400).length;

  it.each([
    ['reads of a subscription', 250, 25, () => azure.arm('GET', groupPath)],
    ['reads of a cluster', 60, 1, () => azure.arm('GET', clusterPath)],
    [
      'pool lists of a subscription',
      60,
      1,
      () => azure.arm('GET', `${cluster}/agentPools?api-version=2026-06-01`),
    ],
    [
      'lists of the clusters of a group',
      60,
      1,
      () =>
        azure.arm(
          'GET',
          `${group}/providers/Microsoft.ContainerService/managedClusters?api-version=2026-06-01`,
        ),
    ],
  ])('lets a burst of %s pass, then as many as flow back', async (...limit) => {
    const [, capacity, back, ask] = limit;
    const first = await burst(capacity + 2, ask);
    azure.simulator.clock.advance(1000);
    const second = await burst(back + 2, ask);

    expect(accepted(first)).toBe(capacity);
    expect(accepted(second)).toBe(back);
    expect(first.at(-1)?.status).toBe(429);
    expect(first.at(-1)?.headers.get('retry-after')).toBe('1');
  });

  it('counts down in the headers of every answer', async () => {
    const [one, two] = await burst(2, () => azure.arm('GET', groupPath));
    const tenant = await azure.arm('GET', '/subscriptions?api-version=2022-12-01');

    expect(one?.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249');
    expect(two?.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('248');
    expect(two?.headers.get('x-ms-ratelimit-remaining-subscription-global-reads')).toBe('3748');
    expect(tenant.headers.get('x-ms-ratelimit-remaining-tenant-reads')).toBe('249');
  });

  it('counts each principal by itself', async () => {
    await burst(250, () => azure.arm('GET', groupPath));
    const claims = Buffer.from(JSON.stringify({ oid: 'other' })).toString('base64url');

    const mine = await azure.arm('GET', groupPath);
    const another = await azure.arm('GET', groupPath, {
      headers: { authorization: `Bearer e30.${claims}.` },
    });

    expect([mine.status, another.status]).toEqual([429, 200]);
    expect(codeOf(mine.body)).toBe('SubscriptionRequestsThrottled');
  });

  it('answers as the provider whose limit it is', async () => {
    const [aks] = (await burst(61, () => azure.arm('GET', clusterPath))).slice(-1);
    const [msi] = (await burst(2, () => azure.arm('GET', identityPath))).slice(-1);
    const [rows] = (
      await burst(16, () => azure.arm('POST', graph, { body: { query: 'resources' } }))
    ).slice(-1);

    expect(aks?.body).toMatchObject({ code: 'Throttled', details: null, subcode: '' });
    expect(codeOf(msi?.body ?? null)).toBe('TooManyRequests');
    expect(codeOf(rows?.body ?? null)).toBe('RateLimiting');
    expect(rows?.headers.get('x-ms-user-quota-remaining')).toBe('0');
    expect(rows?.headers.get('x-ms-user-quota-resets-after')).toBe('00:00:05');
    expect(rows?.headers.get('retry-after')).toBe('5');
  });

  it('lets Resource Manager start the wait again for whoever asks too early', async () => {
    await azure.control('PATCH', 'behaviour', { throttling: { enforced: true, factor: 0.01 } });
    const read = () => azure.arm('GET', groupPath);
    await burst(2, read);
    azure.simulator.clock.advance(3000);
    const early = await read();
    azure.simulator.clock.advance(3000);
    const earlyAgain = await read();
    azure.simulator.clock.advance(4000);
    const patient = await read();

    expect([early.status, earlyAgain.status, patient.status]).toEqual([429, 429, 200]);
    expect(early.headers.get('retry-after')).toBe('4');
  });

  it('lets the buckets of providers fill whoever asks', async () => {
    const write = () => azure.arm('PUT', identityPath, { body: { location: 'westeurope' } });
    await write();
    azure.simulator.clock.advance(3000);
    const early = await write();
    azure.simulator.clock.advance(1000);
    const patient = await write();

    expect([early.status, patient.status]).toEqual([429, 200]);
    expect(early.headers.get('retry-after')).toBe('1');
  });

  it('carries out nothing that it refuses', async () => {
    const write = (name: string) =>
      azure.arm(
        'PUT',
        `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}?api-version=2024-11-30`,
        {
          body: { location: 'westeurope' },
        },
      );
    const replies = [await write('id-a'), await write('id-b'), await write('id-c')];
    const world = await azure.control('GET', 'world');

    expect(replies.map(({ status }) => status)).toEqual([201, 201, 429]);
    expect(Object.keys(world as object).filter((id) => /\/id-[abc]$/.test(id))).toHaveLength(2);
  });

  it('throttles sooner with a smaller factor, and not at all when it is told so', async () => {
    await azure.control('PATCH', 'behaviour', { throttling: { enforced: true, factor: 0.02 } });
    const strict = await burst(6, () => azure.arm('GET', groupPath));
    await azure.control('PATCH', 'behaviour', { throttling: { enforced: false } });
    const open = await burst(300, () => azure.arm('GET', groupPath));

    expect(accepted(strict)).toBe(5);
    expect(accepted(open)).toBe(300);
  });
});

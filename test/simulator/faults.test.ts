import errors from '../../simulator/data/errors.json';
import { at, textAt } from '../../simulator/json';
import { parseScenario } from '../../simulator/scenario';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { codeOf } from './support/world';

const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
const group = `${subscription}/resourceGroups/rg`;
const clusterIn = (name: string) =>
  `${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
const version = 'api-version=2026-06-01';
const west = `${clusterIn('west')}?${version}`;
const north = `${clusterIn('north')}?${version}`;

describe('fault rules', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive();
    await azure.control('PUT', 'world', {
      resources: [
        { id: clusterIn('west'), name: 'west', location: 'westeurope', properties: {} },
        { id: clusterIn('north'), name: 'north', location: 'northeurope', properties: {} },
      ],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  const statuses = async (count: number, path: string): Promise<number[]> => {
    const found: number[] = [];
    for (let i = 0; i < count; i += 1) found.push((await azure.arm('GET', path)).status);
    return found;
  };
  const put = (tag: string) =>
    azure.arm('PUT', west, { body: { location: 'westeurope', tags: { tag } } });

  it('meet the third write twice', async () => {
    const match = { method: 'PUT', path: '/west$' };
    await azure.control('POST', 'faults', [
      { match, nth: 3, count: 2, answer: { status: 409, code: 'Conflict' } },
    ]);
    const found: number[] = [];
    for (const tag of ['a', 'b', 'c', 'd', 'e']) {
      found.push((await put(tag)).status);
      azure.advanceMinutes(10);
    }

    expect(found).toEqual([200, 200, 409, 409, 200]);
  });

  it('are in force for their time only, and then for every request', async () => {
    await azure.control('POST', 'faults', [
      { match: { path: '/west' }, fromMinutes: 10, forMinutes: 20, answer: { status: 500 } },
    ]);

    const before = await statuses(2, west);
    azure.advanceMinutes(10);
    const during = await statuses(3, west);
    azure.advanceMinutes(20);
    const after = await statuses(2, west);

    expect([before, during, after]).toEqual([
      [200, 200],
      [500, 500, 500],
      [200, 200],
    ]);
  });

  it('match the principal who asks', async () => {
    await azure.control('POST', 'faults', [
      { match: { principal: 'anonymous' }, count: 'all', answer: { code: 'AuthorizationFailed' } },
    ]);
    const claims = Buffer.from(JSON.stringify({ oid: 'other' })).toString('base64url');

    const other = await azure.arm('GET', west, {
      headers: { authorization: `Bearer e30.${claims}.` },
    });

    expect(await statuses(1, west)).toEqual([403]);
    expect(other.status).toBe(200);
  });

  const answered = errors.errors.filter((error) => 'status' in error);

  it.each(answered)('answer $code with its status and envelope', async (error) => {
    await azure.control('POST', 'faults', [{ match: {}, answer: { code: error.code } }]);
    const first = answered.find(({ code }) => code === error.code);

    const { status, body, headers } = await azure.arm('GET', west);

    expect(status).toBe(first?.status);
    expect(textAt(body, ...(first?.envelope === 'aks' ? ['code'] : ['error', 'code']))).toBe(
      error.code,
    );
    expect(headers.has('retry-after')).toBe(status === 429);
    expect(textAt(body, 'subcode') ?? '').toBe(error.subcode ?? '');
  });

  describe('on operations', () => {
    async function followed(
      course: object,
    ): Promise<{ first: Headers; poll: () => Promise<string> }> {
      await azure.control('POST', 'faults', [{ match: { method: 'PUT' }, operation: course }]);
      const { headers } = await put('x');
      const link = new URL(headers.get('azure-asyncoperation') ?? 'https://none/');
      return {
        first: headers,
        poll: async () => {
          const { status, body } = await azure.arm('GET', link.pathname + link.search);
          return status === 200 ? (textAt(body, 'status') ?? '') : `${status}`;
        },
      };
    }
    const state = async () =>
      textAt((await azure.arm('GET', west)).body, 'properties', 'provisioningState');

    it.each(errors.errors.filter((error) => error.where.includes('lro')))(
      'let them end in $code',
      async ({ code }) => {
        const { poll } = await followed({ error: { code, message: 'because' } });
        azure.advanceMinutes(30);

        expect([await poll(), await state()]).toEqual(['Failed', 'Failed']);
      },
    );

    it('let them hang until they are aborted', async () => {
      const { poll } = await followed({ hangs: true });
      azure.advanceMinutes(60 * 24 * 30);
      const hanging = [await poll(), await state()];
      await azure.arm('POST', `${clusterIn('west')}/abort?${version}`);
      azure.advanceMinutes(10);

      expect(hanging).toEqual(['InProgress', 'Updating']);
      expect([await poll(), await state()]).toEqual(['Canceled', 'Canceled']);
    });

    it('let them go on where nobody can follow them', async () => {
      const { poll } = await followed({ lost: true });
      const during = [await poll(), await state()];
      azure.advanceMinutes(10);

      expect(during).toEqual(['404', 'Updating']);
      expect([await poll(), await state()]).toEqual(['404', 'Succeeded']);
    });

    it('let the first answer say nothing about them', async () => {
      const { first } = await followed({ withoutHeaders: true });

      expect(first.has('azure-asyncoperation')).toBe(false);
      expect(await state()).toBe('Updating');
    });
  });

  it('take a region down: nothing in it answers, and nothing in it ends', async () => {
    await put('x');
    await azure.control('POST', 'faults', [
      { match: { location: 'westeurope' }, outage: true, forMinutes: 20 },
    ]);
    azure.advanceMinutes(15);
    const down = await azure.arm('GET', west);
    const elsewhere = await azure.arm('GET', north);
    const truth = at(await azure.control('GET', 'world'), clusterIn('west').toLowerCase());
    azure.advanceMinutes(6);
    const up = await azure.arm('GET', west);

    expect([down.status, codeOf(down.body)]).toEqual([503, 'ServiceUnavailable']);
    expect(elsewhere.status).toBe(200);
    expect(textAt(truth, 'properties', 'provisioningState')).toBe('Updating');
    expect(textAt(up.body, 'properties', 'provisioningState')).toBe('Succeeded');
  });

  it.each([
    [{ outage: true }, 'an outage needs match.location and forMinutes'],
    [{ operation: {} }, 'says nothing about the operation'],
    [{ answer: {}, reset: 'after' }, 'needs exactly one of'],
    [{ match: { path: '(' }, answer: {} }, 'is not a regular expression'],
  ])('are refused with a reason: %j', async (rule, reason) => {
    await expect(azure.control('POST', 'faults', [rule])).rejects.toThrow(reason);
  });
});

describe('the schedule of a scenario', () => {
  it('changes how Azure behaves at its time', async () => {
    const behaviour = {
      images: { 'AKSUbuntu-2204gen2containerd': 'AKSUbuntu-2204gen2containerd-202612.01.0' },
    };
    await using azure = await drive({
      scenario: { schedule: [{ atMinutes: 60, behaviour }] },
    });
    azure.advanceMinutes(59);
    const before = at(await azure.control('GET', 'behaviour'), 'images');
    azure.advanceMinutes(1);
    const after = at(await azure.control('GET', 'behaviour'), 'images');

    expect(before).toEqual({});
    expect(after).toEqual(behaviour.images);
  });

  it('is checked before anything starts', () => {
    const schedule = [{ atMinutes: 1, behaviour: { roleEffectMinute: 3 } }];

    expect(() => parseScenario({ schedule })).toThrow(/schedule\.0\.behaviour: .*roleEffectMinute/);
  });
});

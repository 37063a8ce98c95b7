import fc from 'fast-check';

import { drive } from './support/running';
import type { Driven, Reply } from './support/running';
import { clustersOf, parts } from './support/world';

const scenario = {
  seed: 11,
  now: '2026-11-24T08:00:00Z',
  clock: 'stepped',
  fleet: { clusters: 6, subscriptions: 2, locked: 0.2, denied: 0.2 },
  behaviour: { resourceGraph: { lagSeconds: 45 } },
} as const;

/** One thing that is done to a world: its outcome, as far as it has one. */
type Step = (azure: Driven) => Promise<unknown>;

const index = fc.nat(5);
const word = fc.constantFrom('a', 'b', 'c');

const steps: fc.Arbitrary<readonly [string, Step]> = fc.oneof(
  index.chain((at) => word.map((tag) => named(`tag ${at} ${tag}`, patch(at, { tags: { tag } })))),
  index.map((at) => named(`rewrite ${at}`, rewrite(at))),
  index.map((at) =>
    named(`roll ${at}`, send(at, 'POST', '/agentPools/system/upgradeNodeImageVersion')),
  ),
  index.map((at) => named(`stop ${at}`, send(at, 'POST', '/stop'))),
  index.map((at) => named(`delete ${at}`, send(at, 'DELETE', ''))),
  fc.tuple(index, word).map(([at, name]) => named(`identity ${at} ${name}`, identity(at, name))),
  fc.tuple(index, word).map(([at, name]) => named(`role ${at} ${name}`, role(at, name))),
  index.map((at) => named(`nonsense ${at}`, send(at, 'PUT', '/nowhere'))),
  fc.constant(named('query', query)),
  fc.nat(30).map((minutes) =>
    named(`advance ${minutes}`, (azure) => {
      azure.advanceMinutes(minutes);
      return Promise.resolve(undefined);
    }),
  ),
);

describe('two simulators with the same seed', () => {
  it('fed the same requests give the same answers and byte-equal worlds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 4, maxLength: 16 }), async (chosen) => {
        await using one = await drive({ scenario });
        await using other = await drive({ scenario });

        for (const [name, step] of chosen) {
          const [expected, found] = [await step(one), await step(other)];
          expect([name, found]).toEqual([name, expected]);
        }

        expect(await bytesOf(other)).toBe(await bytesOf(one));
      }),
      { numRuns: 12, seed: 5 },
    );
  });

  it('come to the same, in whatever strides time is moved', async () => {
    await using one = await drive({ scenario });
    await using other = await drive({ scenario });

    for (const [azure, strides] of [
      [one, 24],
      [other, 1],
    ] as const) {
      await rewrite(0)(azure);
      await send(1, 'POST', '/agentPools/system/upgradeNodeImageVersion')(azure);
      for (let stride = 0; stride < strides; stride += 1) azure.advanceMinutes((24 * 60) / strides);
    }

    expect(await bytesOf(other)).toBe(await bytesOf(one));
  });

  it('with another seed give other worlds', async () => {
    await using one = await drive({ scenario });
    await using other = await drive({ scenario: { ...scenario, seed: 12 } });

    expect(await bytesOf(other)).not.toBe(await bytesOf(one));
  });
});

function named(name: string, step: Step): readonly [string, Step] {
  return [name, step];
}

/** The world as it goes over the wire, and every call with its time. */
async function bytesOf(azure: Driven): Promise<string> {
  const world = await (await fetch(`${azure.simulator.url}/_simulator/world`)).text();
  return `${world}\n${JSON.stringify(await azure.control('GET', 'calls'))}`;
}

async function clusterAt(azure: Driven, at: number) {
  const clusters = await clustersOf(azure);
  const found = clusters[at % Math.max(1, clusters.length)];
  const id = found?.id ?? '/subscriptions/none/resourceGroups/g/providers/x/y/z';
  return { id, body: found, ...parts(id) };
}

function send(at: number, method: string, below: string): Step {
  return async (azure) => {
    const { id } = await clusterAt(azure, at);
    return outcome(await azure.arm(method, `${id}${below}?api-version=2026-06-01`));
  };
}

function patch(at: number, body: object): Step {
  return async (azure) => {
    const { id } = await clusterAt(azure, at);
    return outcome(await azure.arm('PATCH', `${id}?api-version=2026-06-01`, { body }));
  };
}

/** Through the SDK: it makes up request ids of its own, which may not matter. */
function rewrite(at: number): Step {
  return async (azure) => {
    const { subscription, group, name } = await clusterAt(azure, at);
    const { aks } = azure.clients(subscription);
    try {
      const cluster = await aks.managedClusters.get(group, name);
      await aks.managedClusters.createOrUpdate(group, name, cluster).submitted();
      return 'accepted';
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };
}

function identity(at: number, name: string): Step {
  return async (azure) => {
    const { subscription, group } = await clusterAt(azure, at);
    const { identities } = azure.clients(subscription);
    try {
      return await identities.userAssignedIdentities.createOrUpdate(group, `id-${name}`, {
        location: 'westeurope',
      });
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };
}

function role(at: number, name: string): Step {
  return async (azure) => {
    const { id } = await clusterAt(azure, at);
    const guid = `00000000-0000-4000-8000-00000000000${name}`;
    const path = `${id}/providers/Microsoft.Authorization/roleAssignments/${guid}?api-version=2022-04-01`;
    const properties = {
      roleDefinitionId:
        '/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7',
      principalId: guid,
      principalType: 'ServicePrincipal',
    };
    return outcome(await azure.arm('PUT', path, { body: { properties } }));
  };
}

async function query(azure: Driven): Promise<unknown> {
  const path = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
  const text = 'resourcechanges | project id, properties | order by id asc';
  return outcome(await azure.arm('POST', path, { body: { query: text } }));
}

function outcome({ status, body, headers }: Reply): unknown {
  return { status, body, requestId: headers.get('x-ms-request-id') };
}

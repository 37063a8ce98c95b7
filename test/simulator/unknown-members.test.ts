import fc from 'fast-check';

import { canonical, isObject, objectAt } from '../../simulator/json';
import type { Json, JsonObject } from '../../simulator/json';
import { everyRoute } from './support/every-route';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { subscription, wireWorld } from './support/wire-world';

const identity = `${subscription}/resourceGroups/rg1/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1`;

/** A body that every write takes: each service reads its own members and keeps the others. */
const acceptable: JsonObject = {
  location: 'westus2',
  tags: { team: 'a' },
  properties: {
    audiences: ['api://AzureADTokenExchange'],
    issuer: 'https://issuer/',
    subject: 'subject',
    principalId: '00000000-0000-4000-8000-000000000001',
    principalType: 'ServicePrincipal',
    roleDefinitionId: '/providers/x/acdd72a7-3385-48ef-bd42-f606fba81ae7',
    roleName: 'Own role',
    managedIdentity: { resourceId: identity },
    level: 'CanNotDelete',
    source: subscription,
    topicType: 'Microsoft.Resources.Subscriptions',
  },
};

/** Writes whose body is no resource, and whose answer is another one. */
const noResource = /eventSubscriptions/i;
const tagsOnly = /^PATCH .*\/managedClusters\/[^/]+$/i;

const writes = everyRoute.filter(
  ({ method, path }) =>
    ['PUT', 'PATCH'].includes(method) &&
    !noResource.test(path) &&
    !tagsOnly.test(`${method} ${path}`),
);

describe('accepted writes', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  beforeEach(() => azure.control('PUT', 'world', wireWorld));
  afterAll(() => azure[Symbol.asyncDispose]());

  it.each(writes)('keep what they do not know: $method $path', async ({ method, path }) => {
    const url = `${path}?api-version=2026-06-01`;
    await prepare(azure, method, path);
    const property = fc.asyncProperty(members, async (unknown) => {
      const sent = { ...acceptable, ...unknown, properties: withUnknown(unknown) };
      const written = await azure.arm(method, url, { body: sent });
      azure.advanceMinutes(60);
      const read = await azure.arm('GET', url);

      expect([200, 201]).toContain(written.status);
      expect(lost(unknown, read.body)).toEqual([]);
      expect(lost(unknown, objectAt(read.body, 'properties'))).toEqual([]);
    });

    await fc.assert(property, { numRuns: 5 });
  });
});

/** Members under names that no service knows, with any JSON in them. */
const members: fc.Arbitrary<JsonObject> = fc
  .dictionary(
    fc.stringMatching(/^x[a-zA-Z_]{1,8}$/),
    fc
      .jsonValue({ maxDepth: 2 })
      .filter((value) => !JSON.stringify(value).includes('null')) as fc.Arbitrary<Json>, // null deletes in a PATCH
    { minKeys: 1, maxKeys: 3 },
  )
  .map((made) => ({ ...made }));

function withUnknown(unknown: JsonObject): JsonObject {
  return { ...objectAt(acceptable, 'properties'), ...unknown };
}

/** Creates what a PATCH changes. */
async function prepare(on: Driven, method: string, path: string): Promise<void> {
  if (method !== 'PATCH') return;
  await on.arm('PUT', `${path}?api-version=2026-06-01`, { body: acceptable });
}

function lost(sent: JsonObject, kept: Json): readonly string[] {
  const own = isObject(kept) ? kept : {};
  return Object.keys(sent).filter((name) => canonical(sent[name]) !== canonical(own[name]));
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { at, objectsAt, textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { clustersOf, worldOf } from '../support/world';
import {
  aks,
  applicationOf,
  byAppId,
  clusterId,
  dayMs,
  errorIn,
  guid,
  identityId,
  notFound,
  secret,
  servicePrincipalCluster,
  start,
  statusOf,
  tenant,
} from './a-directory';

const now = new Date(start).toISOString();
const secretsIn = (body: Json) => objectsAt(body, 'passwordCredentials');

describe('the service principal of a cluster', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive({ scenario: { now, clock: 'stepped' } });
    await azure.control('PUT', 'world', {
      resources: [
        servicePrincipalCluster('old', guid('1'), { servicePrincipalObjectId: guid('2') }),
        servicePrincipalCluster('dated', guid('3'), { secretEnds: '2026-11-30T00:00:00Z' }),
        servicePrincipalCluster('lost', guid('4'), { servicePrincipalDeleted: true }),
        servicePrincipalCluster('too', guid('4'), {}),
        { id: identityId('id'), name: 'id', location: 'westeurope', properties: {} },
      ],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  const application = (appId: string) => azure.arm('GET', byAppId('applications', appId));
  const principal = (appId: string) => azure.arm('GET', byAppId('servicePrincipals', appId));

  it('is an application of this tenant and its principal', async () => {
    const [app, found] = [await application(guid('1')), await principal(guid('1'))];

    expect(found.body).toMatchObject({
      id: guid('2'),
      appId: guid('1'),
      servicePrincipalType: 'Application',
      appOwnerOrganizationId: tenant,
    });
    expect(app.body).toMatchObject({
      appId: guid('1'),
      displayName: at(found.body, 'displayName'),
    });
    expect(await statusOf(azure, `/v1.0/servicePrincipals/${guid('2')}`)).toBe(200);
    expect(await statusOf(azure, `/v1.0/applications/${textAt(app.body, 'id') ?? ''}`)).toBe(200);
  });

  it('has one secret of a year that ends as the seed says', async () => {
    const [found, ...others] = secretsIn((await application(guid('1'))).body);

    const ends = Date.parse(textAt(found, 'endDateTime') ?? '');
    const days = (ends - start) / dayMs;
    expect(others).toEqual([]);
    expect(Object.keys(found ?? {}).sort()).toEqual([
      ...['displayName', 'endDateTime', 'hint', 'keyId', 'startDateTime'],
    ]);
    expect([days >= 20, days <= 330, Number.isInteger(days)]).toEqual([true, true, true]);
    expect(ends - Date.parse(textAt(found, 'startDateTime') ?? '')).toBe(365 * dayMs);
  });

  it('has a secret that ends when the scenario says so', async () => {
    const [found] = secretsIn((await application(guid('3'))).body);

    expect(found).toMatchObject({ endDateTime: '2026-11-30T00:00:00.000Z' });
  });

  it('is gone for all its clusters where one of them says so', async () => {
    expect(errorIn(await principal(guid('4')))).toEqual(notFound(guid('4')));
    expect(errorIn(await application(guid('4')))).toEqual(notFound(guid('4')));
  });

  it('outlives the move to a managed identity', async () => {
    const before = [(await principal(guid('1'))).body, (await application(guid('1'))).body];
    const cluster = await azure.arm('GET', `${clusterId('old')}?${aks}`);
    const body = { ...(cluster.body as object), identity: { type: 'SystemAssigned' } };
    const moved = await azure.arm('PUT', `${clusterId('old')}?${aks}`, { body });
    azure.advanceMinutes(20);
    const after = await azure.arm('GET', `${clusterId('old')}?${aks}`);

    expect([moved.status, at(after.body, 'properties', 'servicePrincipalProfile')]).toEqual([
      200,
      { clientId: 'msi' },
    ]);
    expect([(await principal(guid('1'))).body, (await application(guid('1'))).body]).toEqual(
      before,
    );
  });
});

describe('the directory of a made-up fleet', () => {
  it('follows from the seed, without anything in the world, also after time has passed', async () => {
    const scenario = { seed: 7, now, clock: 'stepped', fleet: { clusters: 12 } } as const;
    await using azure = await drive({ scenario });
    await using other = await drive({ scenario });
    other.advanceMinutes(60 * 24);
    const clusters = await clustersOf(azure);
    const before = await worldOf(azure);

    for (const cluster of clusters) {
      const clientId = textAt(cluster, 'properties', 'servicePrincipalProfile', 'clientId');
      const objectId = textAt(cluster, '$truth', 'servicePrincipalObjectId') ?? '';
      const found = await azure.arm('GET', `/v1.0/servicePrincipals/${objectId}`);
      const appId = textAt(found.body, 'appId') ?? '';
      const application = byAppId('applications', appId);
      const [mine, its] = [
        await azure.arm('GET', application),
        await other.arm('GET', application),
      ];

      if (clientId !== 'msi') expect(appId).toBe(clientId);
      expect(secretsIn(mine.body)).toHaveLength(1);
      expect(its.body).toEqual(mine.body);
    }
    expect(clusters).toHaveLength(12);
    expect(await worldOf(azure)).toEqual(before);
  });

  it('dates secrets from the time that the scenario begins at, also while the clock runs', async () => {
    await using azure = await drive({ scenario: { now, fleet: { clusters: 1, clean: 0 } } });
    const [cluster] = await clustersOf(azure);
    const clientId = textAt(cluster, 'properties', 'servicePrincipalProfile', 'clientId') ?? '';

    const [found] = secretsIn((await azure.arm('GET', byAppId('applications', clientId))).body);

    expect(textAt(found, 'endDateTime')).toMatch(/T08:00:00\.000Z$/);
  });

  it('remembers the principal that the nodes of a half-migrated cluster still use', async () => {
    await using azure = await drive({
      scenario: { now, fleet: { clusters: 4, clean: 0, halfMigrated: 1 } },
    });
    const [cluster] = await clustersOf(azure);
    const pools = Object.values(at(cluster, '$truth', 'pools') as Record<string, Json>);
    const clientId = textAt(pools[0], 'kubeletClientId') ?? '';

    const found = await azure.arm('GET', byAppId('servicePrincipals', clientId));

    expect(textAt(found.body, 'id')).toBe(textAt(cluster, '$truth', 'servicePrincipalObjectId'));
  });
});

describe('a directory that is restarted', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'directory-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('has secrets that end when they did before', async () => {
    const options = { dataDirectory: folder, scenario: { fleet: { clusters: 3, clean: 0 } } };
    const secretOf = async (azure: Driven, cluster: Json | undefined) => {
      const clientId = textAt(cluster, 'properties', 'servicePrincipalProfile', 'clientId') ?? '';
      return secretsIn((await azure.arm('GET', byAppId('applications', clientId))).body);
    };
    const first = await drive(options);
    const [cluster] = await clustersOf(first);
    const before = await secretOf(first, cluster);
    first.advanceMinutes(60 * 24 * 3);
    await first[Symbol.asyncDispose]();

    await using second = await drive(options);

    expect(before).toHaveLength(1);
    expect(await secretOf(second, cluster)).toEqual(before);
  });
});

describe('an application of the scenario', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
    await azure.control('PUT', 'world', {
      resources: [
        applicationOf('app', {
          clientId: guid('1'),
          principalId: guid('2'),
          displayName: 'orders',
          passwordCredentials: [
            {
              keyId: guid('a'),
              endDateTime: '2027-01-01T00:00:00Z',
              secretText: secret,
              hint: 'abc',
            },
          ],
          keyCredentials: [{ keyId: guid('b'), type: 'AsymmetricX509Cert', key: secret }],
        }),
        applicationOf('guest', {
          clientId: guid('3'),
          principalId: guid('4'),
          appOwnerOrganizationId: guid('f'),
        }),
        applicationOf('template', { clientId: guid('5') }),
        servicePrincipalCluster('aks', guid('1'), { secretEnds: '2026-11-30T00:00:00Z' }),
      ],
    });
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  it('has the credentials that it was given, and wins over what follows from a cluster', async () => {
    const { body } = await azure.arm('GET', byAppId('applications', guid('1')));

    expect(body).toMatchObject({ displayName: 'orders' });
    expect(secretsIn(body)).toEqual([
      {
        ...{ keyId: guid('a'), displayName: null, startDateTime: null },
        ...{ endDateTime: '2027-01-01T00:00:00Z', hint: 'abc' },
      },
    ]);
    expect(objectsAt(body, 'keyCredentials')).toMatchObject([{ keyId: guid('b') }]);
  });

  it('of another tenant is not here, its principal is', async () => {
    const found = await azure.arm('GET', byAppId('servicePrincipals', guid('3')));

    expect(errorIn(await azure.arm('GET', byAppId('applications', guid('3'))))).toEqual(
      notFound(guid('3')),
    );
    expect(found.body).toMatchObject({ id: guid('4'), appOwnerOrganizationId: guid('f') });
  });

  it('without a principal is registered only', async () => {
    expect(await statusOf(azure, byAppId('applications', guid('5')))).toBe(200);
    expect(await statusOf(azure, byAppId('servicePrincipals', guid('5')))).toBe(404);
  });

  it.each([
    byAppId('applications', guid('1')),
    byAppId('applications', guid('1'), '?$select=passwordCredentials,keyCredentials'),
    byAppId('servicePrincipals', guid('1')),
    byAppId('servicePrincipals', guid('1'), '?$select=*'),
    `/v1.0/servicePrincipals/${guid('2')}`,
  ])('shows no secret at %s', async (path) => {
    const { status, body } = await azure.arm('GET', path);

    const text = JSON.stringify(body);
    expect(status).toBe(200);
    expect([text.includes(secret), text.includes('secretText')]).toEqual([false, false]);
  });
});

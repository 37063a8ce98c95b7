import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isObject, objectsAt, textAt } from '../../simulator/json';
import type { Resource } from '../../simulator/resource-store';
import { parseScenario } from '../../simulator/scenario';
import { makeFleet } from '../../simulator/scenarios/fleet';
import { FleetShape } from '../../simulator/scenarios/fleet-shape';

const tenantId = 'c3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';
const fleet = (seed: number, shape: object): readonly Resource[] => [
  ...makeFleet({ shape: FleetShape.parse(shape), seed, tenantId }),
];
const clusters = (all: readonly Resource[]): readonly Resource[] =>
  all.filter(({ id }) => /\/managedClusters\/[^/]+$/.test(id));

describe('a scenario', () => {
  it.each(['clean', 'fleet-25', 'denied'])('%s.json is valid', (name) => {
    const text = readFileSync(join(__dirname, `../data/scenarios/${name}.json`), 'utf8');

    expect(() => parseScenario(JSON.parse(text))).not.toThrow();
  });

  it.each([
    [{ sed: 1 }, /sed/],
    [{ fleet: { clusters: 1, cleen: 1 } }, /scenario\.fleet.*cleen/],
    [{ fleet: { clusters: -1 } }, /scenario\.fleet\.clusters/],
    [{ fleet: { clusters: 1, clean: 2 } }, /scenario\.fleet\.clean/],
    [{ behaviour: { featureMinuts: 1 } }, /scenario\.behaviour.*featureMinuts/],
    [{ resources: [{ name: 'x' }] }, /scenario\.resources\.0\.id/],
    [{ faults: [{ match: {} }] }, /scenario\.faults\.0/],
    [{ now: 'yesterday' }, /scenario\.now/],
    [7, /scenario/],
  ])('%j is refused with the path of the mistake', (value, message) => {
    expect(() => parseScenario(value)).toThrow(message);
  });
});

describe('a made-up fleet', () => {
  it('is the same for the same seed and another for another', () => {
    const once = fleet(25, { clusters: 40 });

    const again = fleet(25, { clusters: 40 });
    const other = fleet(26, { clusters: 40 });

    expect(again).toEqual(once);
    expect(clusters(other).map(({ id }) => id)).not.toEqual(clusters(once).map(({ id }) => id));
  });

  it('has every id once', () => {
    const ids = fleet(1, { clusters: 500, subscriptions: 9 }).map(({ id }) => id.toLowerCase());

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers to nothing that is missing, except the identities that are dead', () => {
    const all = fleet(3, { clusters: 60 });
    const subnets = all.flatMap((one) => objectsAt(one, 'properties', 'subnets'));
    const known = new Set(
      [...all, ...subnets].map((one) => (textAt(one, 'id') ?? '').toLowerCase()),
    );

    const dangling = all.flatMap((one) => references(one)).filter((id) => !known.has(id));

    expect(
      dangling.filter((id) => !/userassignedidentities\/id-\w+-(api|worker)-/.test(id)),
    ).toEqual([]);
    expect(dangling).not.toEqual([]);
  });

  it('has the shares it was asked for', () => {
    const all = clusters(
      fleet(8, { clusters: 200, clean: 0.25, stopped: 0.05, deadPodIdentity: 0.1 }),
    );

    const newest = all.filter((one) => !/20260[89]|202610/.test(JSON.stringify(one)));
    const stopped = all.filter(
      (one) => textAt(one, 'properties', 'powerState', 'code') === 'Stopped',
    );
    const dead = all.filter((one) => JSON.stringify(one).includes('PodIdentityAddonIdentities'));

    expect([newest.length, stopped.length, dead.length]).toEqual([50, 10, 20]);
  });

  it('has no cluster that cannot be brought in order, unless asked for', () => {
    const all = fleet(2, { clusters: 100 });

    expect(all.some(({ id }) => /\/(locks|policyAssignments)\//.test(id))).toBe(false);
    expect(JSON.stringify(all)).not.toMatch(/"Stopped"|coresLeft/);
  });

  it('puts old images on every pool that will have to be rolled', () => {
    const all = clusters(fleet(5, { clusters: 100 }));
    const servicePrincipals = all.filter(
      (one) => textAt(one, 'properties', 'servicePrincipalProfile', 'clientId') !== 'msi',
    );

    const images = servicePrincipals.flatMap((one) =>
      objectsAt(one, 'properties', 'agentPoolProfiles').map((pool) =>
        textAt(pool, 'nodeImageVersion'),
      ),
    );

    expect(images.length).toBeGreaterThan(50);
    expect(images.filter((image) => image?.endsWith('202611.11.0'))).toEqual([]);
  });
});

/** Ids of resources that a resource names: as a value or as the key of a map. */
function references(value: unknown): readonly string[] {
  if (typeof value === 'string') return isReference(value) ? [value.toLowerCase()] : [];
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...references(name),
    ...references(member),
  ]);
}

function isReference(text: string): boolean {
  return (
    /^\/subscriptions\/[^ ]+$/.test(text) && !/roleDefinitions|roleAssignments|policy/i.test(text)
  );
}

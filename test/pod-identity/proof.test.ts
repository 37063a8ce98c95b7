import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { toClusterId } from '../../domain/ids';
import { provePodIdentity } from '../../orchestrations/prove-pod-identity';
import { textAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import { migrating } from '../migration/support/migration';
import { RealEngine } from '../migration/support/real-engine';

const text = readFileSync(join(__dirname, '../data/pod-identity/01-addon-simple.json'), 'utf8');
const { given } = JSON.parse(text) as { given: JsonObject };
const [armId = ''] = Object.keys(given['kubernetes'] as object);
const clusterId = toClusterId(armId) ?? fail();

function fail(): never {
  throw new Error('The fixture has no cluster.');
}

async function prove(name: string, world: JsonObject = given) {
  await using steward = await migrating(world);
  const { clock } = steward.simulator;
  const time = {
    now: () => clock.now(),
    advance: (milliseconds: number) => {
      clock.advance(milliseconds);
    },
  };
  const engine = new RealEngine(steward.clients, time);
  const input = { clusterId, namespace: 'shop', name };
  const outcome = await engine.run(provePodIdentity, 'proof_01m8hf4a0fg1', input);
  steward.pass(2);
  const objects = await steward.objects(armId);
  const pods = objects.filter((one) => one['kind'] === 'Pod');
  const left = pods.filter((pod) => textAt(pod, 'metadata', 'name')?.includes('demo') === true);
  return { outcome, left };
}

describe('a proof of a pod identity', () => {
  it('is a token that a demo workload gets, which is taken away again', async () => {
    const { outcome, left } = await prove('orders-id');

    expect(outcome).toEqual({
      ok: true,
      value: {
        proof: expect.stringContaining(
          'successfully acquired a token, userAssignedID MSI',
        ) as string,
      },
    });
    expect(left).toEqual([]);
  });

  it('fails with the words of the demo when the identity is gone', async () => {
    const fleet = given['fleet'] as JsonObject;
    const identities = (fleet['identities'] as readonly JsonObject[]).filter(
      ({ name }) => name !== 'id-orders',
    );

    const { outcome, left } = await prove('orders-id', {
      ...given,
      fleet: { ...fleet, identities },
    });

    expect(outcome).toMatchObject({ ok: false, failure: { code: 'NotVerified' } });
    expect(left).toEqual([]);
  });

  it('says that there is no such pod identity', async () => {
    const { outcome } = await prove('nobody');

    expect(outcome).toMatchObject({ ok: false, failure: { code: 'NotFound' } });
  });
});

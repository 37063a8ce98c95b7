import type { JsonObject } from '../../simulator/json';
import { anAzure } from '../activities/support/azure';
import { documentedCommands } from '../support/documented-commands';
import type { PodIdentityChange } from '../../domain/pod-identity/change';
import {
  aChange,
  ask,
  enabling,
  endState,
  orders,
  ordersIdentity,
  withAddOn,
  withoutAddOn,
} from './on-azure';

type Commands = ReturnType<typeof documentedCommands>;

const entry = {
  name: 'orders',
  namespace: 'apps',
  bindingSelector: 'shop',
  identity: ordersIdentity,
};
const exception = { name: 'agents', namespace: 'ci', podLabels: { app: 'agent' } };
const both = { userAssignedIdentities: [entry], userAssignedIdentityExceptions: [exception] };
const place = { name: 'orders', namespace: 'apps' };

const cases: readonly (readonly [
  string,
  readonly JsonObject[],
  PodIdentityChange,
  (commands: Commands) => Promise<void>,
])[] = [
  [
    'az feature register, az aks update --enable-pod-identity',
    withoutAddOn(),
    enabling,
    async (az) => {
      await az.register();
      await az.enable();
    },
  ],
  [
    'az aks pod-identity add',
    withAddOn(),
    aChange('add', { identities: [{ ...place, selector: 'shop', identityId: orders }] }),
    (az) => az.add({ ...place, selector: 'shop', identity: ordersIdentity }),
  ],
  [
    'az aks pod-identity delete',
    withAddOn(both),
    aChange('delete', { identities: [place] }),
    (az) => az.remove('orders', 'apps'),
  ],
  [
    'az aks pod-identity exception add',
    withAddOn(),
    aChange('addException', { exceptions: [exception] }),
    (az) => az.addException('agents', 'ci', exception.podLabels),
  ],
  [
    'az aks pod-identity exception update',
    withAddOn(both),
    aChange('updateException', { exceptions: [{ ...exception, podLabels: { app: 'runner' } }] }),
    (az) => az.updateException('agents', 'ci', { app: 'runner' }),
  ],
  [
    'az aks pod-identity exception delete',
    withAddOn(both),
    aChange('deleteException', { exceptions: [{ name: 'agents', namespace: 'ci' }] }),
    (az) => az.removeException('agents', 'ci'),
  ],
  [
    'az aks update --disable-pod-identity, az feature unregister',
    withAddOn(both),
    aChange('disable', { entries: ['apps/orders'] }),
    async (az) => {
      await az.disable();
      await az.unregister();
    },
  ],
];

describe.each(cases)('%s', (...[, world, change, run]) => {
  it('and Steward lead to the same state', async () => {
    await using byHand = await anAzure(prepared(world));
    await using azure = await anAzure(prepared(world));
    const before = await endState(azure);
    await run(documentedCommands(byHand));

    const outcome = await ask(azure, change);

    expect(outcome).toMatchObject({ ok: true, value: { state: 'succeeded' } });
    expect(await endState(azure)).toEqual(await endState(byHand));
    expect(await endState(azure)).not.toEqual(before);
  });

  it('is planned and not made in mode report', async () => {
    await using azure = await anAzure(prepared(world));

    const outcome = await ask(azure, change, { mode: 'report' });

    expect(outcome).toMatchObject({ ok: true, value: { state: 'succeeded', applied: 0 } });
    expect(await azure.writes()).toEqual([]);
  });

  it('asked for again is no change', async () => {
    await using azure = await anAzure(prepared(world));
    await ask(azure, change);
    const writes = await azure.writes();

    const again = await ask(azure, change, { runId: 'run_2', minutes: 600 });

    expect(again).toMatchObject({ ok: true, value: { state: 'succeeded', applied: 0 } });
    expect(await azure.writes()).toEqual(writes);
  });
});

/** The cluster may assign the identity of the entry that is there. */
function prepared(world: readonly JsonObject[]): JsonObject[] {
  const operator: JsonObject = {
    id: `${orders}/providers/Microsoft.Authorization/roleAssignments/by-hand`,
    name: 'by-hand',
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId:
        '/providers/Microsoft.Authorization/roleDefinitions/f1a07417-d97a-45cb-824c-7a7467783830',
      principalId: '11111111-1111-4111-8111-111111111111',
      scope: orders,
    },
  };
  return JSON.stringify(world).includes('bindingSelector') ? [...world, operator] : [...world];
}

import { pollOperation } from '../../activities/poll-operation';
import { switchIdentity } from '../../activities/switch-identity';
import type { Operation } from '../../domain/operation';
import { armId, clusterId, subscriptionId } from '../support/clusters';
import { anAzure } from './support/azure';
import { aWireCluster, aWirePool, anOldWireCluster } from './support/resources';

const asked = { clusterId, identity: { kind: 'systemAssigned' } } as const;
const onCluster: Operation = {
  status: 'running',
  title: 'identity switch of aks-orders',
  target: armId,
  subscriptionId,
  pollAfterSeconds: 60,
};

describe('pollOperation', () => {
  it('asks nobody about an operation that has succeeded', async () => {
    await using azure = await anAzure([]);

    const operation = await azure.value(pollOperation, { operation: { status: 'succeeded' } });

    expect(operation).toEqual({ status: 'succeeded' });
    expect(azure.sent).toEqual([]);
  });

  it('asks by the URL as Azure gave it, letter by letter', async () => {
    await using azure = await anAzure([anOldWireCluster()]);
    const operation = await azure.value(switchIdentity, asked);

    await azure.value(pollOperation, { operation });

    expect(azure.sent.at(-1)?.url).toBe((operation as { url?: string }).url);
  });

  it('returns the operation unchanged while it runs, so that it can be asked again', async () => {
    await using azure = await anAzure([anOldWireCluster()]);
    const operation = await azure.value(switchIdentity, asked);

    expect(await azure.value(pollOperation, { operation })).toEqual(operation);
  });

  it('asks the cluster itself when Azure has forgotten the operation', async () => {
    await using azure = await anAzure([anOldWireCluster()]);
    const operation = await azure.value(switchIdentity, asked);
    const forgotten = { status: 404, code: 'NotFound', envelope: 'aks' } as const;
    const match = { operation: 'locations/operations/read' };
    await azure.fail({ match, count: 2, answer: forgotten });

    const early = await azure.value(pollOperation, { operation });
    azure.advanceMinutes(6);
    const late = await azure.value(pollOperation, { operation });

    expect([early.status, late.status]).toEqual(['running', 'succeeded']);
  });

  it.each<readonly [string, string]>([
    ['Updating', 'running'],
    ['Upgrading', 'running'],
    ['Succeeded', 'succeeded'],
  ])(
    'takes a cluster that is %s for an operation that is %s',
    async (provisioningState, status) => {
      await using azure = await anAzure([aWireCluster({ provisioningState })]);

      const operation = await azure.value(pollOperation, { operation: onCluster });

      expect(operation.status).toBe(status);
    },
  );

  it.each([
    ['Failed', 'failed'],
    ['Canceled', 'was canceled'],
  ])('gives the reason of a cluster that is %s', async (state, ended) => {
    const provisioningError = { code: 'SubnetIsFull', message: 'No address is left.', target: '' };
    await using azure = await anAzure([
      aWireCluster({ provisioningState: state, status: { provisioningError } }),
    ]);

    const outcome = await azure.call(pollOperation, { operation: onCluster });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'QuotaExceeded',
        message: `The identity switch of aks-orders ${ended}: SubnetIsFull No address is left.`,
        next: 'Make room in the subnet or lower maxSurge of the pool, then onboard the cluster again.',
        target: armId,
      },
    });
  });

  it('fails without a reason where Azure gives none', async () => {
    await using azure = await anAzure([
      aWireCluster({ agentPoolProfiles: [aWirePool('apps', { provisioningState: 'Canceled' })] }),
    ]);
    const operation = {
      ...onCluster,
      target: `${armId}/agentPools/apps`,
      title: 'node image roll',
    };

    const outcome = await azure.call(pollOperation, { operation });

    expect(outcome).toMatchObject({
      ok: false,
      failure: {
        code: 'OperationFailed',
        message: 'The node image roll was canceled: Azure gave no reason',
      },
    });
  });

  it('fails when the resource is gone', async () => {
    await using azure = await anAzure([anOldWireCluster({}, { id: `${armId}-2` })]);

    const outcome = await azure.call(pollOperation, { operation: onCluster });

    expect(outcome).toMatchObject({ ok: false, failure: { code: 'NotFound', target: armId } });
  });
});

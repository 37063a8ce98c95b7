import { activities } from '../../activities';
import type { CredentialWork } from '../../domain/migration/work';
import {
  clusterId,
  controlPlaneId,
  controlPlanePrincipal,
  subscriptionId,
} from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import { aWireCluster, anIdentity } from './support/resources';

const issuer = 'https://westeurope.oic.prod-aks.azure.com/tenant/cluster/';
const world = [
  aWireCluster({ oidcIssuerProfile: { enabled: true, issuerURL: issuer } }),
  anIdentity(controlPlaneId),
];

function credential(account: string): CredentialWork {
  return {
    identityId: controlPlaneId,
    clientId: 'client',
    principalId: controlPlanePrincipal,
    tenantId: 'tenant',
    namespace: 'shop',
    account,
  };
}

/** Writes until it is done, as the retry policy does. */
async function written({ call }: TestAzure, account: string, migrationId = 'mig_1'): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    try {
      const input = { migrationId, clusterId, credential: credential(account) };
      const outcome = await call(activities.writeCredential, input);
      if (!outcome.ok) throw new Error(outcome.failure.message);
      return;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TransientError') throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  throw new Error(`${account} was repeated in vain`);
}

describe('credentials of one identity', () => {
  it('are never written at the same time, whoever writes them', async () => {
    await using azure = await anAzure(world);
    await azure.behave({ credentials: { writeSeconds: 0 } });
    const accounts = Array.from({ length: 12 }, (_, n) => `account-${n}`);

    await Promise.all(accounts.map((account, n) => written(azure, account, `mig_${n % 3}`)));

    const calls = await azure.calls();
    const writes = calls.filter(
      ({ operation, method }) => method === 'PUT' && /credential/i.test(operation),
    );
    expect(writes.map(({ status }) => status)).toEqual(accounts.map(() => 201));
  });

  it('are written once, however often that is asked for', async () => {
    await using azure = await anAzure(world);

    await written(azure, 'orders');
    await written(azure, 'orders');

    expect((await azure.writes()).filter((one) => /credential/i.test(one))).toHaveLength(1);
  });

  it('are never more than twenty', async () => {
    await using azure = await anAzure(world);
    for (let n = 0; n < 20; n += 1) {
      await written(azure, `account-${n}`);
    }

    await expect(written(azure, 'one-more')).rejects.toThrow(
      'has 20 federated credentials already',
    );
  });

  it('keep the name of one that trusts the same already', async () => {
    await using azure = await anAzure(world);
    const path = `${controlPlaneId}/federatedIdentityCredentials/by-hand`;
    const properties = {
      issuer,
      subject: 'system:serviceaccount:shop:orders',
      audiences: ['api://AzureADTokenExchange'],
    };
    await azure.clients
      .arm(subscriptionId)
      .then((arm) => arm({ method: 'PUT', path, apiVersion: '2024-11-30', body: { properties } }));

    await written(azure, 'orders');

    expect((await azure.writes()).filter((one) => /credential/i.test(one))).toHaveLength(1);
  });
});

import { createIdentity } from '../../activities/create-identity';
import { clusterId, identityId } from '../support/clusters';
import { anAzure } from './support/azure';
import { anIdentity } from './support/resources';

const resourceId = identityId('id-aks-orders-cp');
const request = { clusterId, resourceId, location: 'westeurope' };
const inTheGroup = anIdentity(identityId('another'));

describe('createIdentity', () => {
  it('creates the identity where it belongs and returns its principal', async () => {
    await using azure = await anAzure([inTheGroup]);

    const { principalId } = await azure.value(createIdentity, request);

    expect(await azure.resource(resourceId)).toMatchObject({
      location: 'westeurope',
      properties: { principalId },
    });
    expect(principalId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps an identity that is there, with its principal and its tags', async () => {
    const existing = { ...anIdentity(resourceId, 'its-principal'), tags: { owner: 'network' } };
    await using azure = await anAzure([existing]);

    const answer = await azure.value(createIdentity, request);

    expect(answer).toEqual({ principalId: 'its-principal' });
    expect(await azure.resource(resourceId)).toMatchObject({ tags: { owner: 'network' } });
    expect(await azure.writes()).toEqual([]);
  });

  it('creates no resource group: one that is missing is a failure', async () => {
    await using azure = await anAzure([inTheGroup]);
    const elsewhere = resourceId.replace('rg-orders', 'rg-nobody-made');

    const outcome = await azure.call(createIdentity, { ...request, resourceId: elsewhere });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'NotFound',
        message: "Resource group 'rg-nobody-made' could not be found.",
        next: 'Check that the resource still exists.',
        target: elsewhere,
      },
    });
  });
});

import { aWireCluster, anIdentity } from '../../activities/support/resources';
import { anAzure } from '../../activities/support/azure';
import { clusterId, controlPlaneId } from '../../support/clusters';
import { byEntra } from './by-entra';

const tenantId = 'c3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';
const issuer = `https://westeurope.oic.prod-aks.azure.com/${tenantId}/5f0c1f3e-1111-4222-8333-444455556666/`;
const clientId = '22222222-2222-4222-8222-222222222222';
const subject = {
  namespace: 'default',
  serviceAccount: 'default',
  audiences: ['api://AzureADTokenExchange'],
  seconds: 600,
};

it('proves the trust in a service account, from the API server to Entra', async () => {
  const identity = {
    ...anIdentity(controlPlaneId),
    properties: { clientId, principalId: 'p', tenantId },
  };
  const trust = {
    id: `${controlPlaneId}/federatedIdentityCredentials/default`,
    name: 'default',
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
    properties: {
      issuer,
      subject: 'system:serviceaccount:default:default',
      audiences: subject.audiences,
    },
  };
  const cluster = aWireCluster({ oidcIssuerProfile: { enabled: true, issuerURL: issuer } });
  const proof = async (...world: readonly object[]) => {
    await using azure = await anAzure([cluster, identity, ...world] as never, byEntra);
    const api = await azure.clients.kubernetes(clusterId);
    const assertion = await api.createToken(subject);
    return await azure.clients.exchangeAssertion({ tenantId, clientId, assertion });
  };

  await expect(proof()).resolves.toMatchObject({ issued: false, code: 700211, remedy: 'retry' });
  await expect(proof(trust)).resolves.toEqual({
    issued: true,
    appid: clientId,
    oid: 'p',
    tid: tenantId,
  });
});

it('has no token for a service account that is not there', async () => {
  await using azure = await anAzure([aWireCluster()], byEntra);
  const api = await azure.clients.kubernetes(clusterId);

  await expect(api.createToken({ ...subject, serviceAccount: 'missing' })).rejects.toMatchObject({
    reason: 'NotFound',
  });
});

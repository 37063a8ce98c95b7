import { clusterOf, object, planOf } from './support/a-world';
import type { World } from './support/a-world';

describe('the steps of a cluster', () => {
  const off = { oidcIssuerProfile: { enabled: false }, securityProfile: {} };
  const webhooks = [{ clientConfig: { service: { namespace: 'mine' } } }];
  const own = object(
    'admissionregistration.k8s.io/v1 MutatingWebhookConfiguration',
    'azure-wi-webhook-mutating-webhook-configuration',
    { webhooks },
  );
  const application = {
    cluster: { identity: null },
    properties: { servicePrincipalProfile: { clientId: 'x' } },
  };

  it.each<[string, World, readonly string[]]>([
    ['nothing', {}, []],
    [
      'issuer and Workload ID at once',
      { properties: off },
      ['enableOidcIssuerAndWorkloadIdentity'],
    ],
    ['Workload ID alone', { properties: { securityProfile: null } }, ['enableWorkloadIdentity']],
    [
      "the issuer alone beside a webhook of one's own",
      { properties: off, objects: [own] },
      ['enableOidcIssuer'],
    ],
    [
      "nothing more beside a webhook of one's own",
      { properties: { securityProfile: null }, objects: [own] },
      [],
    ],
    [
      'a managed identity first',
      { ...application, properties: { ...application.properties, ...off } },
      ['enableManagedIdentity', 'enableOidcIssuerAndWorkloadIdentity'],
    ],
    [
      'no managed identity where that is not wanted',
      { ...application, options: { requireManagedIdentity: false } },
      [],
    ],
  ])('are %s', (_case, world, steps) => {
    expect(clusterOf(planOf(world)).steps).toEqual(steps);
  });

  it('wait while the cluster was not read', () => {
    const plan = planOf({ fleet: { clusters: [] } });

    expect(clusterOf(plan)).toMatchObject({
      name: 'aks',
      status: 'blocked',
      workloads: [{ name: 'app' }],
    });
    expect(clusterOf(plan).codes).toContain('CLUSTER_BUSY');
  });
});

import { FailureError } from '../../domain/outcome';
import { absent, capabilitiesPolicy } from '../../domain/pod-identity/net-raw';
import type { KubernetesReader } from '../../domain/pod-identity/net-raw';
import type { JsonObject } from '../../simulator/json';
import { anAzure } from '../activities/support/azure';
import { armId, subscriptionId } from '../support/clusters';
import { aChange, ask, endState, planOf, refusal, withoutAddOn } from './on-azure';

const group = armId.slice(0, armId.indexOf('/providers/'));

describe('under kubenet', () => {
  const consenting = aChange('enable', {
    ...{ acceptUnsupported: true, expires: '2027-03-31', consentKubenet: true },
  });
  const policyOn = { addonProfiles: { azurepolicy: { enabled: true } } };
  const kubenet = { networkProfile: { networkPlugin: 'kubenet' } };
  const dropping = {
    effect: { value: 'Deny' },
    requiredDropCapabilities: { value: ['NET_RAW'] },
    excludedNamespaces: { value: ['kube-system', 'gatekeeper-system'] },
  };
  const assigned = (parameters: JsonObject, scope = group, more: JsonObject = {}): JsonObject => ({
    id: `${scope}/providers/Microsoft.Authorization/policyAssignments/no-raw`,
    name: 'no-raw',
    type: 'Microsoft.Authorization/policyAssignments',
    properties: {
      policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${capabilitiesPolicy}`,
      enforcementMode: 'Default',
      notScopes: [],
      parameters,
      ...more,
    },
  });

  it.each([
    ['the cluster', armId],
    ['its group', group],
    ['its subscription', `/subscriptions/${subscriptionId}`],
  ])('the add-on is switched on where policy denies NET_RAW at %s', async (_where, scope) => {
    await using azure = await anAzure([
      ...withoutAddOn({ ...kubenet, ...policyOn }),
      assigned(dropping, scope),
    ]);

    const outcome = await ask(azure, consenting);

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(await endState(azure)).toMatchObject({
      podIdentityProfile: { enabled: true, allowNetworkPluginKubenet: true },
    });
    const { steps } = await planOf(azure);
    expect(steps.at(-1)?.warnings).toContainEqual(
      expect.stringContaining('take the address of another one'),
    );
    expect(await azure.writes()).not.toContainEqual(expect.stringMatching(/policy/i));
  });

  it.each<readonly [string, JsonObject, JsonObject, JsonObject, RegExp]>([
    [
      'it audits only',
      { ...dropping, effect: { value: 'Audit' } },
      {},
      policyOn,
      /has no effect Deny/,
    ],
    [
      'it keeps the effect of the definition',
      { requiredDropCapabilities: { value: ['NET_RAW'] } },
      {},
      policyOn,
      /has no effect Deny/,
    ],
    [
      'it drops something else',
      { ...dropping, requiredDropCapabilities: { value: ['SYS_ADMIN'] } },
      {},
      policyOn,
      /does not require NET_RAW/,
    ],
    [
      'it leaves every namespace out',
      { ...dropping, excludedNamespaces: { value: ['*'] } },
      {},
      policyOn,
      /a part of the pods only/,
    ],
    [
      'it holds for some namespaces',
      { ...dropping, namespaces: { value: ['apps'] } },
      {},
      policyOn,
      /a part of the pods only/,
    ],
    [
      'it is not enforced',
      dropping,
      { enforcementMode: 'DoNotEnforce' },
      policyOn,
      /is not enforced/,
    ],
    [
      'it leaves the cluster out',
      dropping,
      { notScopes: [group.toUpperCase()] },
      policyOn,
      /leaves the cluster out/,
    ],
    [
      'its effect is overridden',
      dropping,
      { overrides: [{ kind: 'policyEffect', value: 'Audit' }] },
      policyOn,
      /an override/,
    ],
    [
      'the add-on that carries it is off',
      dropping,
      {},
      {},
      /the Azure Policy add-on of the cluster is off/,
    ],
  ])(
    'it stays off where there is a policy, but %s',
    async (...[, parameters, more, addOn, reason]) => {
      await using azure = await anAzure([
        ...withoutAddOn({ ...kubenet, ...addOn }),
        assigned(parameters, group, more),
      ]);

      const words = await refusal(azure, consenting);

      expect(words).toMatch(
        /^Unsupported: Nothing keeps the pods of aks-orders from using NET_RAW: /,
      );
      expect(words).toMatch(reason);
    },
  );

  it('it stays off where the cluster is exempted, and not once that has expired', async () => {
    const policy = assigned(dropping);
    const exemption = (expiresOn: string): JsonObject => ({
      id: `${armId}/providers/Microsoft.Authorization/policyExemptions/waived`,
      name: 'waived',
      type: 'Microsoft.Authorization/policyExemptions',
      properties: {
        policyAssignmentId: policy['id'] ?? '',
        exemptionCategory: 'Waiver',
        expiresOn,
      },
    });
    const world = [...withoutAddOn({ ...kubenet, ...policyOn }), policy];
    await using exempted = await anAzure([...world, exemption('2027-01-01T00:00:00Z')]);
    await using expired = await anAzure([...world, exemption('2026-01-01T00:00:00Z')]);

    expect(await refusal(exempted, consenting)).toMatch(/has an exemption/);
    expect(await ask(expired, consenting)).toMatchObject({ value: { state: 'succeeded' } });
  });

  it('it stays off when the mitigation goes between the plan and the write', async () => {
    await using azure = await anAzure([
      ...withoutAddOn({ ...kubenet, ...policyOn }),
      assigned(dropping),
    ]);
    let surveys = 0;
    // The second look at the constraints is the last one before the write: by then the policy is gone.
    const arm: typeof azure.clients.arm = async (subscription) => {
      const send = await azure.clients.arm(subscription);
      return async (request) => {
        if (!request.path.includes('/policyAssignments')) return send(request);
        surveys += 1;
        const empty = { status: 200, body: { value: [] }, header: () => undefined };
        return surveys === 1 ? send(request) : empty;
      };
    };

    const outcome = await ask(azure, consenting, { clients: { ...azure.clients, arm } });

    expect(outcome).toMatchObject({
      value: { state: 'failed', failure: { code: 'Unsupported' } },
    });
    expect(await azure.writes()).not.toContain('PUT managedClusters/write');
  });

  const template = '/apis/templates.gatekeeper.sh/v1/constrainttemplates/k8spspcapabilities';
  const constraints = '/apis/constraints.gatekeeper.sh/v1beta1/k8spspcapabilities';
  const spec = {
    enforcementAction: 'deny',
    match: { kinds: [{ apiGroups: [''], kinds: ['Pod'] }], excludedNamespaces: ['kube-system'] },
    parameters: { requiredDropCapabilities: ['NET_RAW'] },
  };
  const listOf = (one: object) => ({ items: [{ metadata: { name: 'no-raw' }, spec: one }] });
  const reading =
    (paths: Readonly<Record<string, unknown>>): KubernetesReader =>
    (_cluster, path) =>
      Promise.resolve(paths[path] ?? absent);

  it('the add-on is switched on where a constraint denies NET_RAW', async () => {
    await using azure = await anAzure(withoutAddOn(kubenet));
    const readKubernetes = reading({ [template]: {}, [constraints]: listOf(spec) });

    const outcome = await ask(azure, consenting, { clients: { ...azure.clients, readKubernetes } });

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, RegExp]>([
    ['there is no template', { [constraints]: listOf(spec) }, /no ConstraintTemplate/],
    [
      'there is no constraint',
      { [template]: {}, [constraints]: { items: [] } },
      /no constraint of kind/,
    ],
    [
      'it warns only',
      { [template]: {}, [constraints]: listOf({ ...spec, enforcementAction: 'warn' }) },
      /constraint no-raw has no enforcementAction deny/,
    ],
    [
      'it is for services',
      {
        [template]: {},
        [constraints]: listOf({
          ...spec,
          match: { kinds: [{ apiGroups: [''], kinds: ['Service'] }] },
        }),
      },
      /a part of the pods only/,
    ],
    [
      'it is for some namespaces',
      {
        [template]: {},
        [constraints]: listOf({ ...spec, match: { ...spec.match, namespaces: ['apps'] } }),
      },
      /a part of the pods only/,
    ],
    [
      'it drops nothing',
      { [template]: {}, [constraints]: listOf({ ...spec, parameters: {} }) },
      /does not require NET_RAW/,
    ],
  ])('it stays off where %s', async (_why, paths, reason) => {
    await using azure = await anAzure(withoutAddOn(kubenet));
    const clients = { ...azure.clients, readKubernetes: reading(paths) };

    expect(await refusal(azure, consenting, { clients })).toMatch(reason);
  });

  it('it stays off where the cluster cannot be asked, and says so', async () => {
    await using azure = await anAzure(withoutAddOn(kubenet));
    const readKubernetes = () =>
      Promise.reject(new FailureError({ code: 'Forbidden', message: 'constraints is forbidden' }));

    const words = await refusal(azure, consenting, {
      clients: { ...azure.clients, readKubernetes },
    });

    expect(words).toMatch(/could not be asked for constraints: constraints is forbidden/);
  });
});

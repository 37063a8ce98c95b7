import { sweepPage } from '../../activities/sweep-page';
import { disablePodIdentity } from '../../activities/disable-pod-identity';
import { CreationSpec } from '../../domain/creation-spec';
import { clusterKey } from '../../domain/ids';
import type { Finding } from '../../domain/rules/judge';
import { onboardCluster } from '../../orchestrations/onboard-cluster';
import type { JsonObject } from '../../simulator/json';
import { capabilitiesPolicy } from '../../domain/pod-identity/net-raw';
import { anAzure } from '../activities/support/azure';
import type { TestAzure } from '../activities/support/azure';
import { aFeature, anIdentity } from '../activities/support/resources';
import { aPolicy, armId, clusterId, controlPlaneId, subscriptionId } from '../support/clusters';
import { runOnAzure } from '../support/run-on-azure';
import { aChange, ask, enabling, endState, planOf, withAddOn, withoutAddOn } from './on-azure';

const key = clusterKey(clusterId);

async function sweep(azure: TestAzure, asOf: string): Promise<Finding | undefined> {
  const input = { subscriptions: [subscriptionId], policy: aPolicy(), skipToken: '' };
  await azure.value(sweepPage, { ...input, asOf, cause: 'sweep' });
  const cluster = (await azure.clients.records.get('cluster', key))?.value;
  return cluster?.findings.find(({ rule }) => rule === 'PID-001');
}

const onboarding = (azure: TestAzure, runId: string, minutes: number) =>
  runOnAzure(
    onboardCluster,
    {
      ...{ runId, clusterId, mode: 'apply', requestedBy: 'api' },
      ...{ policy: aPolicy(), ownFailure: false },
    },
    { azure, startedAt: Date.UTC(2026, 10, 24, 8) + minutes * 60_000 },
  );

describe('an accepted add-on', () => {
  it('is reported by every sweep, with its day, and with its lapse once that is over', async () => {
    await using azure = await anAzure(withoutAddOn());
    await ask(azure, enabling);

    const during = await sweep(azure, '2027-03-31T23:59:00.000Z');
    const after = await sweep(azure, '2027-04-01T00:00:00.000Z');

    expect(during?.text).toBe(
      'The pod-identity add-on is on, but nothing can use it any more. It is accepted until 2027-03-31.',
    );
    expect(after?.text).toBe(
      'The pod-identity add-on is on, but nothing can use it any more. Its acceptance lapsed: it was accepted until 2027-03-31.',
    );
    expect((await azure.clients.records.get('cluster', key))?.value).toMatchObject({
      podIdentityAcceptedUntil: '2027-03-31',
    });
  });

  it('is not switched off again by onboarding before its day is over, and is afterwards', async () => {
    await using azure = await anAzure(withoutAddOn());
    await ask(azure, enabling);

    const early = await onboarding(azure, 'run_2', 24 * 60);
    const kept = await endState(azure);
    const late = await onboarding(azure, 'run_3', 200 * 24 * 60);

    expect(early).toMatchObject({ value: { state: 'succeeded', applied: 0 } });
    expect(kept).toMatchObject({ podIdentityProfile: { enabled: true } });
    expect(late).toMatchObject({ value: { state: 'succeeded' } });
    expect(await endState(azure)).toMatchObject({ podIdentityProfile: null, flag: 'Unregistered' });
  });

  it('can be accepted for longer without a write', async () => {
    await using azure = await anAzure(withoutAddOn());
    await ask(azure, enabling);
    const writes = await azure.writes();
    const longer = aChange('enable', { acceptUnsupported: true, expires: '2027-09-30' });

    const outcome = await ask(azure, longer, { runId: 'run_2', minutes: 600 });

    expect(outcome).toMatchObject({ value: { state: 'succeeded', applied: 1 } });
    expect(await azure.writes()).toEqual(writes);
    expect((await azure.clients.records.get('acceptance', key))?.value.until).toBe('2027-09-30');
  });

  it('that came about without Steward can be accepted afterwards', async () => {
    await using azure = await anAzure(withAddOn());

    await ask(azure, enabling);

    expect((await sweep(azure, '2026-12-01T00:00:00.000Z'))?.text).toMatch(/until 2027-03-31\.$/);
    expect(await azure.writes()).toEqual([]);
  });

  it('is forgotten when the add-on goes', async () => {
    await using azure = await anAzure(withoutAddOn());
    await ask(azure, enabling);

    await azure.value(disablePodIdentity, { clusterId, deadEntries: [] });

    expect(await azure.clients.records.get('acceptance', key)).toBeUndefined();
  });

  it('says nothing of a cluster that was made anew under the same id', async () => {
    await using azure = await anAzure(withAddOn());
    const given = { until: '2027-03-31', at: '2026-01-01T00:00:00Z', runId: 'run_0' };
    await azure.clients.records.put('acceptance', key, { ...given, resourceUid: 'another' });

    expect((await sweep(azure, '2026-12-01T00:00:00.000Z'))?.text).not.toMatch(/accepted/);
  });
});

describe('the plan of an enabling', () => {
  it('says what it does to others, and offers exceptions', async () => {
    await using azure = await anAzure(withoutAddOn());

    await ask(azure, enabling, { mode: 'report' });

    const { steps } = await planOf(azure);
    expect(steps.at(-1)).toMatchObject({
      kind: 'enablePodIdentity',
      title: 'Turn the pod-identity add-on on, accepted until 2027-03-31',
      disruption: 'control-plane',
      warnings: [
        'Azure has not supported the pod-identity add-on since September 2025.',
        'NMI intercepts the metadata requests of all pods of the nodes, also of those without an entry: pods that use the identity of the nodes need an exception.',
        'The request names no exceptions.',
      ],
    });
  });

  it('brings the exceptions that were asked for in the same write', async () => {
    await using azure = await anAzure(withoutAddOn());
    const exceptions = [{ name: 'agents', namespace: 'ci', podLabels: { app: 'agent' } }];

    await ask(
      azure,
      aChange('enable', { acceptUnsupported: true, expires: '2027-03-31', exceptions }),
    );

    expect(await endState(azure)).toMatchObject({
      podIdentityProfile: {
        userAssignedIdentityExceptions: [{ name: 'aks-addon-exception' }, ...exceptions],
      },
    });
    expect((await azure.writes()).filter((write) => write.startsWith('PUT'))).toEqual([
      'PUT managedClusters/write',
    ]);
  });
});

describe('a new cluster with the add-on', () => {
  const group = armId.slice(0, armId.indexOf('/providers/'));
  const accepted = { acceptUnsupported: true, expires: '2027-03-31' };
  const specOf = (overrides: object) =>
    CreationSpec.parse({
      ...{ cluster: armId, location: 'westeurope', podIdentity: accepted },
      pools: [{ name: 'system', vmSize: 'Standard_D4ds_v5' }],
      ...overrides,
    });
  const around: JsonObject[] = [
    anIdentity(controlPlaneId),
    aFeature('NotRegistered'),
    { id: group, name: 'rg-orders', location: 'westeurope' },
  ];
  const mitigating: JsonObject = {
    id: `${group}/providers/Microsoft.Authorization/policyAssignments/no-raw`,
    name: 'no-raw',
    type: 'Microsoft.Authorization/policyAssignments',
    properties: {
      policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${capabilitiesPolicy}`,
      parameters: {
        effect: { value: 'deny' },
        requiredDropCapabilities: { value: ['NET_RAW'] },
      },
    },
  };
  const create = (azure: TestAzure, spec: CreationSpec) =>
    runOnAzure(
      onboardCluster,
      {
        ...{ runId: 'run_1', clusterId, mode: 'apply', requestedBy: 'api', create: spec },
        ...{ policy: aPolicy({ roles: { settleMinutes: 0 } }), ownFailure: false },
      },
      { azure },
    );

  it('has it from its first minute, registered and accepted', async () => {
    await using azure = await anAzure(around);

    const outcome = await create(azure, specOf({}));

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(await endState(azure)).toMatchObject({
      podIdentityProfile: { enabled: true },
      flag: 'Registered',
    });
    expect((await sweep(azure, '2026-12-01T00:00:00.000Z'))?.text).toMatch(/until 2027-03-31\.$/);
  });

  it('under kubenet has it where policy denies NET_RAW, with the add-on that carries policy', async () => {
    await using azure = await anAzure([...around, mitigating]);
    const podIdentity = { ...accepted, consentKubenet: true };

    const outcome = await create(azure, specOf({ network: { mode: 'kubenet' }, podIdentity }));

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    const { properties } = await azure.resource(armId);
    expect(properties).toMatchObject({
      podIdentityProfile: { enabled: true, allowNetworkPluginKubenet: true },
      addonProfiles: { azurepolicy: { enabled: true } },
      networkProfile: { networkPlugin: 'kubenet' },
    });
  });

  it.each<readonly [string, object, object, RegExp]>([
    ['under kubenet without consent', { mode: 'kubenet' }, {}, /runs kubenet/],
    [
      'under kubenet without a policy',
      { mode: 'kubenet' },
      { consentKubenet: true },
      /no assignment of policy/,
    ],
    ['once its day is over', {}, { expires: '2026-11-01' }, /which is over/],
  ])('is not made %s', async (...[, network, more, reason]) => {
    await using azure = await anAzure(around);

    const outcome = await create(azure, specOf({ network, podIdentity: { ...accepted, ...more } }));

    expect(outcome).toMatchObject({
      value: { state: 'failed', failure: { message: expect.stringMatching(reason) as string } },
    });
    expect(await azure.writes()).toEqual([]);
  });

  it('is not even thought of unless somebody accepts that it is unsupported', () => {
    expect(() => specOf({ podIdentity: true })).toThrow(/podIdentity/);
    expect(() => specOf({ podIdentity: { expires: '2027-03-31' } })).toThrow(/acceptUnsupported/);
    expect(specOf({ podIdentity: false }).podIdentity).toBeUndefined();
  });
});

import { storePlan } from '../../activities/store-plan';
import type { StorePlanInput } from '../../activities/store-plan';
import type { OnboardingPlan } from '../../domain/plan/onboarding-plan';
import { armId, clusterId, identityId } from '../support/clusters';
import { anAzure } from './support/azure';

const create = {
  kind: 'createIdentity',
  principal: 'controlPlane',
  resourceId: identityId('id-aks-orders-cp'),
  location: 'westeurope',
} as const;
const enable = {
  kind: 'enableManagedIdentity',
  from: 'servicePrincipal',
  identity: { kind: 'systemAssigned' },
  roles: [],
} as const;

function aRequest(overrides: Partial<StorePlanInput> = {}): StorePlanInput {
  return {
    runId: 'run_1',
    clusterId,
    armId,
    plan: planOf(create),
    findings: [],
    approvedBy: 'alice',
    asOf: '2026-11-24T08:00:00.000Z',
    ...overrides,
  };
}

function planOf(...steps: OnboardingPlan['steps']): OnboardingPlan {
  return { steps, blockers: [] };
}

describe('storePlan', () => {
  it('stores the steps with their side effects, and who approved them', async () => {
    await using azure = await anAzure([]);

    const plan = await azure.value(storePlan, aRequest());

    expect(plan).toMatchObject({
      id: 'pl_1',
      hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      steps: [{ ...create, title: 'Create the identity id-aks-orders-cp', reversible: true }],
      approval: { by: 'alice', at: '2026-11-24T08:00:00.000Z' },
    });
    expect((await azure.clients.records.get('plan', 'pl_1'))?.value).toEqual(plan);
  });

  it('stores the plan of a report as approved by nobody', async () => {
    await using azure = await anAzure([]);

    const plan = await azure.value(storePlan, aRequest({ approvedBy: '' }));

    expect(plan).not.toHaveProperty('approval');
  });

  it('returns the plan that is stored when it is repeated, whatever Azure has become since', async () => {
    await using azure = await anAzure([]);
    const first = await azure.value(storePlan, aRequest());

    const again = await azure.value(
      storePlan,
      aRequest({ plan: planOf(enable), asOf: '2026-11-24T09:00:00.000Z' }),
    );

    expect(again).toEqual(first);
  });

  it('gives equal steps an equal hash, and other steps another one', async () => {
    await using azure = await anAzure([]);
    const hashOf = async (runId: string, plan: OnboardingPlan) =>
      (await azure.value(storePlan, aRequest({ runId, plan }))).hash;

    const [one, same, other, longer] = [
      await hashOf('run_1', planOf(create)),
      await hashOf('run_2', planOf(create)),
      await hashOf('run_3', planOf(enable)),
      await hashOf('run_4', planOf(create, enable)),
    ];

    expect(same).toBe(one);
    expect(new Set([one, other, longer]).size).toBe(3);
  });
});

import {
  readFeature,
  registerProvider,
  requestFeature,
  withdrawFeature,
} from '../../activities/feature-registration';
import { podIdentityFeature } from '../../domain/policy';
import { subscriptionId } from '../support/clusters';
import { anAzure } from './support/azure';
import { aFeature, aWireCluster, thePodIdentityAddOn } from './support/resources';

const feature = { subscriptionId, feature: podIdentityFeature };
const asOf = '2026-11-24T08:00:00.000Z';
const flagId = `/subscriptions/${subscriptionId}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/EnablePodIdentityPreview`;
const first = { ...feature, runId: 'run_1', asOf };
const second = { ...feature, runId: 'run_2', asOf };
const muchLater = { ...second, asOf: '2026-11-24T09:30:00.000Z' };

describe('readFeature', () => {
  it.each(['Registered', 'NotRegistered', 'Pending'])('reads %s', async (state) => {
    await using azure = await anAzure([aFeature(state)]);

    expect(await azure.value(readFeature, feature)).toEqual({ state });
  });

  it('reads a flag that is not on offer as unavailable', async () => {
    await using azure = await anAzure([aFeature('Registered', 'AnotherPreview')]);

    expect(await azure.value(readFeature, feature)).toEqual({ state: 'Unavailable' });
  });
});

describe('requestFeature', () => {
  it('registers the flag, which takes some minutes', async () => {
    await using azure = await anAzure([aFeature('NotRegistered')]);

    const answer = await azure.value(requestFeature, first);
    azure.advanceMinutes(10);

    expect(answer).toEqual({ state: 'Registering', owned: true });
    expect(await azure.value(readFeature, feature)).toEqual({ state: 'Registered' });
  });

  it.each(['Registered', 'Registering', 'Pending'])(
    'leaves a flag alone that is %s',
    async (state) => {
      await using azure = await anAzure([aFeature(state)]);

      expect(await azure.value(requestFeature, first)).toEqual({
        state,
        owned: state !== 'Registered',
      });
      expect(await azure.writes()).toEqual([]);
    },
  );

  it('is done by one of the runs that want it, the others wait', async () => {
    await using azure = await anAzure([aFeature('NotRegistered')]);

    const answers = await Promise.all([
      azure.value(requestFeature, first),
      azure.value(requestFeature, second),
    ]);

    expect(answers.filter(({ owned }) => owned)).toHaveLength(1);
    expect(await azure.writes()).toEqual(['POST features/register/action']);
  });

  it('passes to another run when its owner has not done it for long', async () => {
    await using azure = await anAzure([aFeature('NotRegistered')]);
    await azure.fail({ match: { operation: 'features/register/action' }, reset: 'before' });
    await expect(azure.call(requestFeature, first)).rejects.toThrow();

    const early = await azure.value(requestFeature, second);
    const late = await azure.value(requestFeature, muchLater);

    expect(early).toEqual({ state: 'NotRegistered', owned: false });
    expect(late).toEqual({ state: 'Registering', owned: true });
  });

  it('fails where Azure does not offer the flag', async () => {
    await using azure = await anAzure([aWireCluster()]);

    const outcome = await azure.call(requestFeature, first);

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'Unsupported',
        message: `Azure does not offer ${podIdentityFeature} in this subscription, or in this cloud at all.`,
        next: 'Take the flag out of the policy, then onboard the cluster again.',
        target: `/subscriptions/${subscriptionId}/providers/Microsoft.Features/providers/${podIdentityFeature}`,
      },
    });
  });
});

describe('withdrawFeature', () => {
  it('unregisters a flag that no cluster uses', async () => {
    await using azure = await anAzure([aFeature('Registered'), aWireCluster()]);

    const answer = await azure.value(withdrawFeature, first);
    azure.advanceMinutes(10);

    expect(answer).toEqual({ state: 'Unregistering', owned: true, usedBy: 0 });
    expect(await azure.value(readFeature, feature)).toEqual({ state: 'Unregistered' });
  });

  it('keeps a flag that a cluster uses', async () => {
    await using azure = await anAzure([
      aFeature('Registered'),
      aWireCluster(thePodIdentityAddOn('api')),
    ]);

    expect(await azure.value(withdrawFeature, first)).toEqual({
      state: 'Registered',
      owned: false,
      usedBy: 1,
    });
    expect(await azure.writes()).toEqual([]);
  });

  it.each(['NotRegistered', 'Unregistered'])('leaves a flag alone that is %s', async (state) => {
    await using azure = await anAzure([aFeature(state)]);

    const answer = await azure.value(withdrawFeature, first);

    expect(answer).toEqual({ state: 'Unregistered', owned: false, usedBy: 0 });
    expect(await azure.writes()).toEqual([]);
  });

  it('is done by one of the runs that want it', async () => {
    await using azure = await anAzure([aFeature('Registered')]);

    const answers = await Promise.all([
      azure.value(withdrawFeature, first),
      azure.value(withdrawFeature, second),
    ]);

    expect(answers.filter(({ owned }) => owned)).toHaveLength(1);
    expect(await azure.writes()).toEqual(['POST features/unregister/action']);
  });
});

describe('registerProvider', () => {
  it('makes Azure honour a changed flag', async () => {
    await using azure = await anAzure([aFeature('Registered')]);

    const answer = await azure.value(registerProvider, { ...first, verb: 'register' });
    azure.advanceMinutes(5);

    expect(answer).toEqual({ state: 'Registering' });
    expect(await azure.resource(flagId)).toMatchObject({ $truth: { effective: true } });
  });

  it('joins a registration that is under way', async () => {
    await using azure = await anAzure([aFeature('Registered')]);

    await azure.value(registerProvider, { ...first, verb: 'register' });
    const again = await azure.value(registerProvider, { ...first, verb: 'register' });

    expect(again).toEqual({ state: 'Registering' });
    expect(await azure.writes()).toEqual(['POST register/action']);
  });

  it('lets go of the flag, so that another run may change it back and forth at once', async () => {
    await using azure = await anAzure([aFeature('NotRegistered')]);
    await azure.value(requestFeature, first);
    azure.advanceMinutes(10);
    await azure.value(registerProvider, { ...first, verb: 'register' });

    const unneeded = await azure.value(requestFeature, second);
    await azure.value(withdrawFeature, first);
    azure.advanceMinutes(10);
    const needed = await azure.value(requestFeature, second);

    expect(unneeded).toEqual({ state: 'Registered', owned: false });
    expect(needed).toEqual({ state: 'Registering', owned: true });
  });
});

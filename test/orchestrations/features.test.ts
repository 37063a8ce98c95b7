import { FailureError } from '../../domain/outcome';
import { registerFeature } from '../../orchestrations/register-feature';
import { unregisterFeature } from '../../orchestrations/unregister-feature';
import { subscriptionId } from '../support/clusters';
import { runOrchestration } from '../support/run-orchestration';

const feature = 'Microsoft.ContainerService/WindowsAnnualPreview';
const input = { subscriptionId, feature };
const taken = { readProvider: () => ({ state: 'Registered' }) };
const refreshed = { ...taken, registerProvider: () => ({ state: 'Registering' }) };
const confirmed = ['readProvider', 'readFeature'];

describe('registerFeature', () => {
  it('waits for the flag and then refreshes its provider', () => {
    const { outcome, calls, minutes } = runOrchestration(registerFeature, input, {
      ...refreshed,
      requestFeature: () => ({ state: 'Registering', owned: true }),
      readFeature: (_input, nth) => ({ state: nth < 2 ? 'Registering' : 'Registered' }),
    });

    expect(outcome).toEqual({ ok: true, value: { state: 'Registered' } });
    expect(calls).toEqual([
      'requestFeature',
      'readFeature',
      'readFeature',
      'readFeature',
      'registerProvider',
      ...confirmed,
    ]);
    expect(minutes).toBe(2.25);
  });

  it('waits for a registration that another run has begun, and leaves the provider to it', () => {
    const { calls } = runOrchestration(registerFeature, input, {
      ...taken,
      requestFeature: () => ({ state: 'Registering', owned: false }),
      readFeature: () => ({ state: 'Registered' }),
    });

    expect(calls).toEqual(['requestFeature', 'readFeature', ...confirmed]);
  });

  it('refreshes the provider also of a flag that a run before its crash has registered', () => {
    const { calls } = runOrchestration(registerFeature, input, {
      ...refreshed,
      requestFeature: () => ({ state: 'registered', owned: true }),
      readFeature: () => ({ state: 'registered' }),
    });

    expect(calls).toEqual(['requestFeature', 'registerProvider', ...confirmed]);
  });

  it('asks in the name of its instance', () => {
    const { inputs } = runOrchestration(registerFeature, input, {
      ...taken,
      requestFeature: () => ({ state: 'Registered', owned: false }),
      readFeature: () => ({ state: 'Registered' }),
    });

    expect(inputs[0]).toEqual({
      activity: 'requestFeature',
      input: { ...input, runId: 'root', asOf: '2026-11-24T09:00:00.000Z' },
    });
  });

  it('gives up on a flag that stays Pending for an hour', () => {
    const { outcome, minutes } = runOrchestration(registerFeature, input, {
      requestFeature: () => ({ state: 'Pending', owned: true }),
      readFeature: () => ({ state: 'Pending' }),
    });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'FeaturePending',
        message: `${feature} is still Pending after 60 minutes.`,
        next: 'Ask Microsoft to approve the flag for the subscription, then onboard again.',
        target: `/subscriptions/${subscriptionId}`,
      },
    });
    expect(minutes).toBe(60.75);
  });

  it('waits until the provider has taken the flag in, and says so', () => {
    const { outcome, reports, minutes } = runOrchestration(registerFeature, input, {
      ...refreshed,
      requestFeature: () => ({ state: 'Registered', owned: true }),
      readFeature: () => ({ state: 'Registered' }),
      readProvider: (_input, nth) => ({ state: nth < 2 ? 'Registering' : 'Registered' }),
    });

    expect(outcome).toEqual({ ok: true, value: { state: 'Registered' } });
    expect(reports[0]?.progress.wait?.text).toBe('Microsoft.ContainerService is Registering');
    expect(minutes).toBe(1.5);
  });

  it.each([
    ['a flag', { readFeature: () => ({ state: 'Registering' }) }, feature],
    [
      'a provider',
      {
        readFeature: () => ({ state: 'Registered' }),
        readProvider: () => ({ state: 'Registering' }),
      },
      'Microsoft.ContainerService',
    ],
  ])('gives up on %s that does not get there', (_case, script, name) => {
    const { outcome } = runOrchestration(registerFeature, input, {
      ...refreshed,
      requestFeature: () => ({ state: 'Registering', owned: true }),
      ...script,
    });

    expect(outcome).toMatchObject({
      failure: {
        code: 'DeadlineExceeded',
        message: `${name} is still Registering after 60 minutes.`,
      },
    });
  });

  it.each([
    ['while it was waited for', (nth: number) => (nth < 2 ? 'Registering' : 'Unavailable')],
    ['at the last look', (nth: number) => (nth < 1 ? 'Registered' : 'NotRegistered')],
  ])('names a flag that was taken away %s', (_case, stateAt) => {
    const { outcome } = runOrchestration(registerFeature, input, {
      ...refreshed,
      requestFeature: () => ({ state: 'Registering', owned: true }),
      readFeature: (_input, nth) => ({ state: stateAt(nth) }),
    });

    expect(outcome).toMatchObject({ failure: { code: 'FeatureVanished' } });
  });

  it('says what it waits for', () => {
    const { reports } = runOrchestration(registerFeature, input, {
      ...taken,
      requestFeature: () => ({ state: 'Registering', owned: false }),
      readFeature: () => ({ state: 'Registered' }),
    });

    expect(reports.map(({ progress }) => progress.wait)).toEqual([
      {
        reason: 'feature-registering',
        text: `${feature} is Registering`,
        until: '2026-11-24T10:00:00.000Z',
      },
    ]);
  });

  it('ends with the failure of a flag that Azure does not offer', () => {
    const failure = { code: 'Unsupported', message: 'No such flag.' } as const;
    const { outcome } = runOrchestration(registerFeature, input, {
      requestFeature: () => {
        throw new FailureError(failure);
      },
    });

    expect(outcome).toEqual({ ok: false, failure });
  });
});

describe('unregisterFeature', () => {
  it('waits until the flag is gone and then refreshes its provider', () => {
    const { outcome, calls } = runOrchestration(unregisterFeature, input, {
      ...refreshed,
      withdrawFeature: () => ({ state: 'Unregistering', owned: true, usedBy: 0 }),
      readFeature: () => ({ state: 'Unregistered' }),
    });

    expect(outcome).toEqual({ ok: true, value: { usedBy: 0 } });
    expect(calls).toEqual(['withdrawFeature', 'readFeature', 'registerProvider']);
  });

  it('leaves a flag that somebody still uses', () => {
    const { outcome, calls } = runOrchestration(unregisterFeature, input, {
      withdrawFeature: () => ({ state: 'Registered', owned: false, usedBy: 2 }),
    });

    expect(outcome).toEqual({ ok: true, value: { usedBy: 2 } });
    expect(calls).toEqual(['withdrawFeature']);
  });

  it('waits for the run that has begun it', () => {
    const { calls } = runOrchestration(unregisterFeature, input, {
      withdrawFeature: () => ({ state: 'Unregistering', owned: false, usedBy: 0 }),
      readFeature: () => ({ state: 'Unregistered' }),
    });

    expect(calls).toEqual(['withdrawFeature', 'readFeature']);
  });

  it.each(['NotRegistered', 'NotSpecified', 'Unavailable'])(
    'takes a flag that reads %s for gone',
    (state) => {
      const { outcome } = runOrchestration(unregisterFeature, input, {
        ...refreshed,
        withdrawFeature: () => ({ state: 'Unregistering', owned: true, usedBy: 0 }),
        readFeature: () => ({ state }),
      });

      expect(outcome).toEqual({ ok: true, value: { usedBy: 0 } });
    },
  );

  it('gives up on a flag that does not go away', () => {
    const { outcome } = runOrchestration(unregisterFeature, input, {
      withdrawFeature: () => ({ state: 'Unregistering', owned: true, usedBy: 0 }),
      readFeature: () => ({ state: 'Unregistering' }),
    });

    expect(outcome).toMatchObject({
      failure: {
        code: 'DeadlineExceeded',
        message: `${feature} is still Unregistering after 60 minutes.`,
      },
    });
  });
});

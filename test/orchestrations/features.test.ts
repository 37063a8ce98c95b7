import { FailureError } from '../../domain/outcome';
import { registerFeature } from '../../orchestrations/register-feature';
import { unregisterFeature } from '../../orchestrations/unregister-feature';
import { subscriptionId } from '../support/clusters';
import { runOrchestration } from '../support/run-orchestration';

const feature = 'Microsoft.ContainerService/WindowsAnnualPreview';
const input = { subscriptionId, feature };
const refreshed = { registerProvider: () => ({ state: 'Registering' }) };

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
    ]);
    expect(minutes).toBe(2.25);
  });

  it('waits for a registration that another run has begun, and leaves the provider to it', () => {
    const { calls } = runOrchestration(registerFeature, input, {
      requestFeature: () => ({ state: 'Registering', owned: false }),
      readFeature: () => ({ state: 'Registered' }),
    });

    expect(calls).toEqual(['requestFeature', 'readFeature']);
  });

  it('refreshes the provider also of a flag that a run before its crash has registered', () => {
    const { calls } = runOrchestration(registerFeature, input, {
      ...refreshed,
      requestFeature: () => ({ state: 'registered', owned: true }),
    });

    expect(calls).toEqual(['requestFeature', 'registerProvider']);
  });

  it('asks in the name of its instance', () => {
    const { inputs } = runOrchestration(registerFeature, input, {
      requestFeature: () => ({ state: 'Registered', owned: false }),
    });

    expect(inputs).toEqual([
      {
        activity: 'requestFeature',
        input: { ...input, runId: 'root', asOf: '2026-11-24T09:00:00.000Z' },
      },
    ]);
  });

  it('gives up on a flag that stays Pending for an hour', () => {
    const { outcome, minutes } = runOrchestration(registerFeature, input, {
      requestFeature: () => ({ state: 'Pending', owned: true }),
      readFeature: () => ({ state: 'Pending' }),
    });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'DeadlineExceeded',
        message: `${feature} is still Pending after 60 minutes.`,
        next: 'A flag that stays Pending waits for approval by Microsoft: ask for it, then onboard again.',
        target: `/subscriptions/${subscriptionId}`,
      },
    });
    expect(minutes).toBe(60.75);
  });

  it('says what it waits for', () => {
    const { reports } = runOrchestration(registerFeature, input, {
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

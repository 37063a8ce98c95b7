import { FailureError, TransientError } from '../../domain/outcome';
import { retryPolicyFor } from '../../orchestrations/retry-policies';
import type { Run, Workflow } from '../../orchestrations/workflow';
import { aCluster, clusterNamed } from '../support/clusters';
import { runOrchestration } from '../support/run-orchestration';

function* readAll({ activities, allSettled }: Workflow, names: readonly string[]): Run<string[]> {
  const parts = names.map((name) => activities.readCluster({ clusterId: clusterNamed(name) }));
  const outcomes = yield* allSettled(parts);
  return outcomes.map((outcome) => (outcome.ok ? outcome.value.name : outcome.failure.code));
}

function* readOne({ activities }: Workflow, name: string): Run<string> {
  return (yield* activities.readCluster({ clusterId: clusterNamed(name) })).name;
}

function* sleep({ sleepSeconds, now }: Workflow, seconds: number): Run<string> {
  yield* sleepSeconds(seconds);
  return now().toISOString();
}

function* waitOften({ log, sleepSeconds }: Workflow): Run<object> {
  for (const turn of [1, 2, 3]) {
    log.info('turn.begins', { turn });
    yield* sleepSeconds(60);
  }
  return {};
}

describe('allSettled', () => {
  it('returns what became of each part, in the order asked for, and calls each once', () => {
    const { outcome, calls } = runOrchestration(readAll, ['a', 'b', 'c'], {
      readCluster: ({ clusterId }) => {
        if (clusterId === clusterNamed('a')) {
          throw new FailureError({ code: 'NotFound', message: 'gone' });
        }
        return aCluster({ name: clusterId.slice(-1) });
      },
    });

    expect(outcome).toEqual({ ok: true, value: ['NotFound', 'b', 'c'] });
    expect(calls).toHaveLength(3);
  });

  it('waits for the others when one breaks down', () => {
    const { outcome } = runOrchestration(readAll, ['a', 'b'], {
      readCluster: ({ clusterId }) => {
        if (clusterId === clusterNamed('a')) throw new TransientError('429');
        return aCluster({ name: 'b' });
      },
    });

    expect(outcome).toEqual({ ok: true, value: ['Unavailable', 'b'] });
  });

  it('returns at once when there is nothing to wait for', () => {
    expect(runOrchestration(readAll, [], {}).outcome).toEqual({ ok: true, value: [] });
  });
});

describe('an activity call', () => {
  it('is repeated while it throws what is worth repeating', () => {
    const { outcome, calls, minutes } = runOrchestration(readOne, 'a', {
      readCluster: (_input, nth) => {
        if (nth < 3) throw new TransientError('503');
        return aCluster();
      },
    });

    expect(outcome.ok).toBe(true);
    expect(calls).toHaveLength(4);
    expect(minutes * 60).toBe(15 + 30 + 60);
  });

  it('ends as Unavailable when it was repeated in vain', () => {
    const { outcome } = runOrchestration(readOne, 'a', {
      readCluster: () => {
        throw new TransientError('503 from ARM');
      },
    });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'Unavailable',
        message: 'readCluster was repeated in vain, last because of: 503 from ARM',
        next: 'Wait until Azure answers again, then onboard the cluster again.',
      },
    });
  });

  it.each([
    ['a decided failure', new FailureError({ code: 'Forbidden', message: 'no' }), 'Forbidden'],
    ['a bug', new TypeError('x is undefined'), 'Internal'],
  ])('is not repeated after %s', (_case, error, code) => {
    const { outcome, calls } = runOrchestration(readOne, 'a', {
      readCluster: () => {
        throw error;
      },
    });

    expect(outcome).toMatchObject({ ok: false, failure: { code } });
    expect(calls).toHaveLength(1);
  });
});

describe('sleepSeconds', () => {
  it.each([
    [60, '2026-11-24T09:01:00.000Z'],
    [0.2, '2026-11-24T09:00:01.000Z'],
    [0, '2026-11-24T09:00:00.000Z'],
  ])('of %f wakes at %s: the engine keeps whole seconds', (seconds, expected) => {
    expect(runOrchestration(sleep, seconds, {}).outcome).toEqual({ ok: true, value: expected });
  });
});

describe('the log of an orchestration', () => {
  it('has one line of JSON for every entry', () => {
    expect(runOrchestration(waitOften, {}, {}).log).toMatchObject(
      [1, 2, 3].map((turn) => ({ msg: 'turn.begins', turn })),
    );
  });
});

describe('retry policies', () => {
  const steps = [
    'requestFeature',
    'withdrawFeature',
    'registerProvider',
    'createIdentity',
    'assignRole',
    'switchIdentity',
    'disablePodIdentity',
    'startNodeImageRoll',
    'readCluster',
    'readPool',
    'readFeature',
    'pollOperation',
  ] as const;
  const reads = ['takeSnapshot', 'sweepPage', 'judgeCluster'] as const;

  const patienceMinutes = (activity: Parameters<typeof retryPolicyFor>[0]): number => {
    const { attempts, firstDelaySeconds, factor, maxDelaySeconds } = retryPolicyFor(activity);
    const delays = Array.from({ length: attempts - 1 }, (_, i) =>
      Math.min(firstDelaySeconds * factor ** i, maxDelaySeconds),
    );
    return delays.reduce((sum, delay) => sum + delay, 0) / 60;
  };

  it.each(steps)(
    'let %s outlast an operation of somebody else, or an Azure out of reach',
    (activity) => {
      expect(patienceMinutes(activity)).toBeGreaterThan(55);
    },
  );

  it.each(reads)('let %s give up within minutes', (activity) => {
    expect(patienceMinutes(activity)).toBeLessThan(5);
  });

  it.each([...steps, ...reads, 'storePlan', 'concludeRun'] as const)(
    'of %s are in whole seconds, which is all that the engine keeps',
    (activity) => {
      const { firstDelaySeconds, maxDelaySeconds } = retryPolicyFor(activity);

      expect([firstDelaySeconds, maxDelaySeconds].every(Number.isInteger)).toBe(true);
    },
  );
});

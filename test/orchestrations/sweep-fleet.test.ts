import { TransientError } from '../../domain/outcome';
import { sweepFleet } from '../../orchestrations/sweep-fleet';
import { aPolicy, subscriptionId } from '../support/clusters';
import { runOrchestration } from '../support/run-orchestration';

const input = { subscriptions: [subscriptionId], policy: aPolicy(), cause: 'schedule' };

describe('sweepFleet', () => {
  it('goes through all pages, each from where the one before it ended', () => {
    const { outcome, inputs, reports } = runOrchestration(sweepFleet, input, {
      sweepPage: (_input, nth) => ({
        clusters: 1000,
        withFindings: 10,
        findings: 15,
        skipToken: ['a', 'b', ''][nth] ?? '',
      }),
    });

    expect(outcome).toEqual({
      ok: true,
      value: { clusters: 3000, withFindings: 30, findings: 45 },
    });
    expect(inputs.map((each) => (each.input as { skipToken: string }).skipToken)).toEqual([
      '',
      'a',
      'b',
    ]);
    expect(reports.at(-1)?.progress).toEqual({ step: 'sweep', done: 3000, total: 3000 });
  });

  it('stamps all pages with the time at which it began', () => {
    const { inputs } = runOrchestration(sweepFleet, input, {
      sweepPage: (_input, nth) => {
        if (nth === 0) throw new TransientError('429');
        return { clusters: 1, withFindings: 0, findings: 0, skipToken: nth < 3 ? 'more' : '' };
      },
    });

    const times = inputs.map((each) => (each.input as { asOf: string }).asOf);
    expect(new Set(times)).toEqual(new Set(['2026-11-24T09:00:00.000Z']));
  });

  it('is content with an empty fleet', () => {
    const { outcome, log } = runOrchestration(sweepFleet, input, {
      sweepPage: () => ({ clusters: 0, withFindings: 0, findings: 0, skipToken: '' }),
    });

    expect(outcome).toEqual({ ok: true, value: { clusters: 0, withFindings: 0, findings: 0 } });
    expect(log).toMatchObject([{ msg: 'fleet.swept', cause: 'schedule' }]);
  });
});

import { FailureError } from '../../domain/outcome';
import { waitForOperation } from '../../orchestrations/wait-for-operation';
import { runOrchestration, startedAt } from '../support/run-orchestration';
import { running } from '../support/scripted-azure';

function inMinutes(minutes: number): string {
  return new Date(startedAt + minutes * 60_000).toISOString();
}

const done = { status: 'succeeded' } as const;

describe('waitForOperation', () => {
  it('polls at the pace that Azure asks for, which may change', () => {
    const { calls, minutes, outcome } = runOrchestration(
      waitForOperation,
      { operation: running({ pollAfterSeconds: 60 }), deadline: inMinutes(60) },
      { pollOperation: (_input, nth) => [running({ pollAfterSeconds: 240 }), done][nth] ?? done },
    );

    expect(outcome).toEqual({ ok: true, value: { done: true } });
    expect(calls).toHaveLength(2);
    expect(minutes).toBe(5);
  });

  it('asks nobody about an operation that is over', () => {
    const input = { operation: done, deadline: inMinutes(60) };

    expect(runOrchestration(waitForOperation, input, {}).calls).toEqual([]);
  });

  it('hands the operation on as the last poll has left it', () => {
    const { inputs } = runOrchestration(
      waitForOperation,
      { operation: running({ url: '/first' }), deadline: inMinutes(60) },
      { pollOperation: (_input, nth) => [running({ url: '/second' })][nth] ?? done },
    );

    expect(inputs.map(({ input }) => input)).toMatchObject([
      { operation: { url: '/first' } },
      { operation: { url: '/second' } },
    ]);
  });

  it('asks once more before it gives up, however late', () => {
    const { outcome, calls } = runOrchestration(
      waitForOperation,
      { operation: running(), deadline: inMinutes(-600) },
      { pollOperation: () => done },
    );

    expect(outcome).toEqual({ ok: true, value: { done: true } });
    expect(calls).toHaveLength(1);
  });

  it('gives up on an operation that outlives its deadline', () => {
    const { outcome, minutes } = runOrchestration(
      waitForOperation,
      {
        operation: running({ title: 'identity switch of a', target: '/a' }),
        deadline: inMinutes(9),
      },
      { pollOperation: () => running({ title: 'identity switch of a', target: '/a' }) },
    );

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'DeadlineExceeded',
        message: 'The identity switch of a did not finish in time.',
        next: 'Look at the resource in the Azure portal; once it is idle, onboard the cluster again.',
        target: '/a',
      },
    });
    expect(minutes).toBe(9.5);
  });

  it("ends with Azure's own reason when the operation fails", () => {
    const failure = { code: 'OperationFailed', message: 'No quota.', target: '/a' } as const;
    const { outcome } = runOrchestration(
      waitForOperation,
      { operation: running(), deadline: inMinutes(60) },
      {
        pollOperation: () => {
          throw new FailureError(failure);
        },
      },
    );

    expect(outcome).toEqual({ ok: false, failure });
  });

  it('begins a new history after 50 polls and still ends on time', () => {
    const { outcome, calls, continued, minutes } = runOrchestration(
      waitForOperation,
      { operation: running(), deadline: inMinutes(60) },
      { pollOperation: (_input, nth) => (nth < 109 ? running() : done) },
    );

    expect(outcome).toEqual({ ok: true, value: { done: true } });
    expect(calls).toHaveLength(110);
    expect(continued).toBe(2);
    expect(minutes).toBe(55);
  });

  it('keeps its deadline across histories', () => {
    const { outcome, continued } = runOrchestration(
      waitForOperation,
      { operation: running(), deadline: inMinutes(60) },
      { pollOperation: () => running() },
    );

    expect(outcome).toMatchObject({ failure: { code: 'DeadlineExceeded' } });
    expect(continued).toBe(2);
  });
});

import { OrchestrationRuntimeStatus } from 'durable-functions';

import { onSweepTimer } from '../../functions/sweep';
import { subscriptionId } from '../support/clusters';
import { Faults } from '../support/faults';
import { aContext } from '../support/http';
import { aBackend } from '../support/services';
import type { Backend } from '../support/services';

const { Completed, ContinuedAsNew, Failed, Pending, Running, Suspended, Terminated } =
  OrchestrationRuntimeStatus;

async function tick(
  { engine, services }: Backend,
  { isPastDue = false, faults = new Faults() } = {},
): Promise<unknown> {
  const { context, log } = aContext();
  const timer = { isPastDue, schedule: { adjustForDST: true }, scheduleStatus: none };
  await onSweepTimer(timer, faults.on(engine.client), { services, context });
  return log[0];
}

const none = { last: '', next: '', lastUpdated: '' };

describe('onSweepTimer', () => {
  it('starts a sweep of the subscriptions that are looked after', async () => {
    const backend = aBackend();

    expect(await tick(backend)).toMatchObject({
      msg: 'sweep.due',
      requestId: 'invocation-1',
      started: true,
      isPastDue: false,
    });
    expect(backend.engine.started).toEqual([
      {
        orchestration: 'sweepFleet',
        instanceId: 'sweep',
        input: {
          subscriptions: [subscriptionId],
          policy: backend.services.policy,
          cause: 'schedule',
        },
      },
    ]);
  });

  it('says when it is late', async () => {
    const backend = aBackend();

    await tick(backend, { isPastDue: true });

    expect(backend.engine.started).toMatchObject([{ input: { cause: 'schedule, late' } }]);
  });

  it.each([Pending, Running, Suspended, ContinuedAsNew])(
    'starts none while the one before is %s',
    async (runtimeStatus) => {
      const backend = aBackend();
      backend.engine.set('sweep', { runtimeStatus });

      expect(await tick(backend)).toMatchObject({ started: false });
      expect(backend.engine.started).toEqual([]);
    },
  );

  it.each([Completed, Failed, Terminated])(
    'starts one when the one before is %s',
    async (runtimeStatus) => {
      const backend = aBackend();
      backend.engine.set('sweep', { runtimeStatus });

      expect(await tick(backend)).toMatchObject({ started: true });
    },
  );

  it('starts one when two ticks come at the same moment', async () => {
    const backend = aBackend();

    await Promise.all([tick(backend), tick(backend)]);

    expect(backend.engine.started).toHaveLength(1);
  });

  it('takes a start for done whose answer was lost', async () => {
    const backend = aBackend();

    const entry = await tick(backend, { faults: new Faults(2, 'after') });

    expect(entry).toMatchObject({ started: false });
    expect(backend.engine.started).toHaveLength(1);
  });

  it('fails when the engine does not answer, so that the host logs it', async () => {
    await expect(tick(aBackend(), { faults: new Faults(1) })).rejects.toThrow('broken down');
  });
});

import { onQueuedEvent } from '../../functions/queued-events';
import { armId } from '../support/clusters';
import { Faults } from '../support/faults';
import { aContext } from '../support/http';
import { aBackend } from '../support/services';
import type { Backend } from '../support/services';

const event = {
  specversion: '1.0',
  id: 'e1',
  source: armId,
  type: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
  time: '2026-11-24T09:00:00Z',
  data: { nodePoolName: 'apps' },
};

/** Hands over a message as the host does, and gives the names of the log entries it leads to. */
async function receive(
  { engine, services }: Backend,
  message: unknown,
  faults = new Faults(),
): Promise<unknown[]> {
  const { context, log } = aContext();
  await onQueuedEvent(message, faults.on(engine.client), { services, context });
  return log.map((entry) => entry['msg']);
}

describe('onQueuedEvent', () => {
  it.each<[string, unknown]>([
    ['parsed by the host', event],
    ['as text', JSON.stringify(event)],
    ['in a list', [event]],
  ])('starts one evaluation for an event %s', async (_case, message) => {
    const backend = aBackend();

    expect(await receive(backend, message)).toEqual(['clusterEvent.handled']);
    expect(backend.engine.started).toMatchObject([{ orchestration: 'evaluateCluster' }]);
  });

  it('takes each of several events', async () => {
    const backend = aBackend();

    await receive(backend, [event, { ...event, id: 'e2', time: '2026-11-24T10:00:00Z' }]);

    expect(backend.engine.started).toHaveLength(2);
  });

  it('starts none again for a message that comes again', async () => {
    const backend = aBackend();
    await receive(backend, event);

    expect(await receive(backend, JSON.stringify(event))).toEqual(['clusterEvent.duplicate']);
    expect(backend.engine.started).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['text that is no JSON', 'hello'],
    ['no text', ''],
    ['null', null],
    ['an event of another form', { id: 'e1' }],
  ])('has done with %s, and says so', async (_case, message) => {
    const backend = aBackend();

    expect(await receive(backend, message)).toEqual(['clusterEvent.quarantined']);
    expect(backend.engine.started).toEqual([]);
  });

  it('fails when the engine does not answer, so that the message comes again', async () => {
    const backend = aBackend();

    await expect(receive(backend, event, new Faults(1))).rejects.toThrow('broken down');
    expect(await receive(backend, event)).toEqual(['clusterEvent.handled']);
  });
});

import type { DurableClient } from 'durable-functions';

import { reacting, requireSwitchedOn } from '../../functions/kill-switch';
import { answerOf, aContext } from '../support/http';
import { aBackend } from '../support/services';

describe('requireSwitchedOn', () => {
  it('lets people look while Steward is switched off', () => {
    expect(() => {
      requireSwitchedOn(false, 'GET');
    }).not.toThrow();
  });

  it('refuses whatever starts something, naming the setting', async () => {
    const answer = await answerOf(() => {
      requireSwitchedOn(false, 'POST');
      return Promise.resolve({});
    });

    expect(answer).toMatchObject({
      status: 503,
      body: {
        code: 'switched-off',
        title: 'Steward is switched off',
        detail:
          'Steward is switched off by STEWARD_ENABLED and can only be looked at. Set it to true, then send the request again.',
      },
    });
  });

  it('refuses nothing while Steward is on', () => {
    expect(() => {
      requireSwitchedOn(true, 'POST');
    }).not.toThrow();
  });
});

describe('reacting', () => {
  async function trigger(enabled: boolean) {
    const { engine, services } = aBackend();
    const { context, log } = aContext();
    const seen: unknown[] = [];
    const react = (event: string, client: DurableClient): Promise<void> => {
      seen.push(event);
      return client
        .startNew('evaluateCluster', { instanceId: event, input: {} })
        .then(() => undefined);
    };
    await reacting(react, { services, enabled })('e1', engine.client, context);
    return { seen, log, started: engine.started };
  }

  it('hands over what has happened while Steward is on', async () => {
    expect(await trigger(true)).toMatchObject({ seen: ['e1'], started: [{ instanceId: 'e1' }] });
  });

  it('does nothing and says so while Steward is switched off', async () => {
    const { seen, started, log } = await trigger(false);

    expect({ seen, started }).toEqual({ seen: [], started: [] });
    expect(log).toMatchObject([{ msg: 'switched-off' }]);
  });
});

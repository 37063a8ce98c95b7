import { lazyClient } from '../../functions/lazy-client';
import { FakeEngine } from '../support/fake-durable-client';

describe('lazyClient', () => {
  it('makes the client at its first use, once', async () => {
    const engine = new FakeEngine();
    let made = 0;
    const client = lazyClient(() => {
      made += 1;
      return engine.client;
    });
    expect(made).toBe(0);

    await client.startNew('onboardFleet', { instanceId: 'a', input: 1 });
    await client.startNew('onboardFleet', { instanceId: 'b', input: 2 });

    expect(made).toBe(1);
    expect(engine.started.map(({ instanceId }) => instanceId)).toEqual(['a', 'b']);
  });
});

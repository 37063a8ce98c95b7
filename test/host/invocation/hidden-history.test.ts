import { withHiddenHistory } from '../../../host/invocation/hidden-history';

const history = [{ EventType: 12 }];

describe('a history that is hidden', () => {
  it('can be read while nobody who enumerates finds it, and is whole again afterwards', async () => {
    const trigger = { history, input: 1 };

    const seen = await withHiddenHistory(trigger, () =>
      Promise.resolve({ read: trigger.history, keys: Object.keys(trigger) }),
    );

    expect(seen).toEqual({ read: history, keys: ['input'] });
    expect(Object.keys(trigger)).toEqual(['history', 'input']);
  });

  it('is whole again after an orchestrator that throws', async () => {
    const trigger = { history };

    const running = withHiddenHistory(trigger, () => Promise.reject(new Error('no')));

    await expect(running).rejects.toThrow('no');
    expect(Object.keys(trigger)).toEqual(['history']);
  });

  it.each([undefined, null, 'text'])('is not looked for in %j', async (trigger) => {
    expect(await withHiddenHistory(trigger, () => Promise.resolve('ran'))).toBe('ran');
  });

  it('is not made up for an entity', async () => {
    const trigger = { batch: [] };

    await withHiddenHistory(trigger, () => Promise.resolve());

    expect(trigger).not.toHaveProperty('history');
  });
});

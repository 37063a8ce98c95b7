import { setTimeout as sleep } from 'node:timers/promises';

import { afterAnswers, whileAnswering } from '../../functions/after-answers';

describe('work that an answer leaves for later', () => {
  it('waits until nobody is being answered, and keeps its order', async () => {
    const order: string[] = [];
    const { promise: other, resolve: answerOther } = Promise.withResolvers<undefined>();
    const answered = whileAnswering(() => other);

    const works = ['first', 'second'].map((name) =>
      afterAnswers(() => {
        order.push(name);
        return Promise.resolve();
      }),
    );
    await sleep(5);
    order.push('answered');
    answerOther(undefined);
    await Promise.all([answered, ...works]);

    expect(order).toEqual(['answered', 'first', 'second']);
  });

  it('does not wait for a call for ever', async () => {
    const { promise: hanging, resolve } = Promise.withResolvers<undefined>();
    const answered = whileAnswering(() => hanging);

    await afterAnswers(() => Promise.resolve());

    resolve(undefined);
    await answered;
  });

  it('goes on after a piece that failed', async () => {
    const failed = afterAnswers(() => Promise.reject(new Error('no')));
    const next = afterAnswers(() => Promise.resolve());

    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBeUndefined();
  });
});

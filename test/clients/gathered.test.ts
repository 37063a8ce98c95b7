import { gathered } from '../../clients/gathered';

/** Questions that are answered when the test says so. */
function scripted() {
  const asked: (readonly string[])[] = [];
  const answers: PromiseWithResolvers<string>[] = [];
  const ask = (keys: readonly string[]): Promise<string> => {
    asked.push(keys);
    const answer = Promise.withResolvers<string>();
    answers.push(answer);
    return answer.promise;
  };
  return { asked, answers, ask };
}

const aTurn = () => new Promise(setImmediate);

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await aTurn();
}

describe('questions that are gathered', () => {
  it('go together when they are asked in one turn, each key once', async () => {
    const { asked, answers, ask } = scripted();
    const question = gathered(ask);

    const both = Promise.all([question(['a', 'b']), question(['b', 'c'])]);
    await turns(3);
    answers[0]?.resolve('known');

    expect(await both).toEqual(['known', 'known']);
    expect(asked).toEqual([['a', 'b', 'c']]);
  });

  it('wait for the request that is on its way, and go together after it', async () => {
    const { asked, answers, ask } = scripted();
    const question = gathered(ask);

    const first = question(['a']);
    await turns(3);
    const later = [question(['b']), question(['c'])];
    await turns(3);
    const before = asked.length;
    answers[0]?.resolve('first');
    await turns(3);
    answers[1]?.resolve('second');

    expect(await first).toBe('first');
    expect(await Promise.all(later)).toEqual(['second', 'second']);
    expect(before).toBe(1);
    expect(asked).toEqual([['a'], ['b', 'c']]);
  });

  it('fail alone: what is asked after a failure gets its own answer', async () => {
    const { answers, ask } = scripted();
    const question = gathered(ask);

    const failing = question(['a']);
    await turns(3);
    const later = question(['b']);
    answers[0]?.reject(new Error('throttled'));
    await expect(failing).rejects.toThrow('throttled');
    await turns(3);
    answers[1]?.resolve('known');

    expect(await later).toBe('known');
  });
});

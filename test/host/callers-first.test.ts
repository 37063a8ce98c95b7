import { CallersFirst } from '../../host/callers-first';

/** A call that ends when the test says so, and work that asks whether it may run. */
function scene() {
  const callers = new CallersFirst();
  const ran: string[] = [];
  const call = () => {
    let end = (): void => undefined;
    const served = callers.serve(() => new Promise((resolve) => (end = resolve)));
    return (): Promise<void> => {
      end();
      return served;
    };
  };
  const work = (name: string): void => {
    if (callers.isDue) callers.afterwards(() => ran.push(name));
    else ran.push(name);
  };
  return { call, work, ran };
}

describe('work while HTTP functions are called', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('goes on at once when there is no caller', () => {
    const { work, ran } = scene();
    work('step');
    expect(ran).toEqual(['step']);
  });

  it('goes on when the last caller has its answer', async () => {
    const { call, work, ran } = scene();
    const [endFirst, endLast] = [call(), call()];
    work('a');
    work('b');

    await endFirst();
    jest.advanceTimersByTime(10);
    const beforeTheLast = [...ran];
    await endLast();
    jest.advanceTimersByTime(0);

    expect(beforeTheLast).toEqual([]);
    expect(ran).toEqual(['a', 'b']);
  });

  it('waits 50 ms for a slow call, and not again while that call goes on', () => {
    const { call, work, ran } = scene();
    call();
    work('a');
    jest.advanceTimersByTime(49);
    const early = [...ran];
    jest.advanceTimersByTime(2);
    const late = [...ran];
    jest.advanceTimersByTime(1000);
    work('b');

    expect(early).toEqual([]);
    expect(late).toEqual(['a']);
    expect(ran).toEqual(['a', 'b']);
  });

  it('has as much time as it has lost, though calls follow one another', async () => {
    const { call, work, ran } = scene();
    const end = call();
    work('a');
    jest.advanceTimersByTime(30);
    await end();
    jest.advanceTimersByTime(0);

    call();
    jest.advanceTimersByTime(29);
    work('b');
    const soon = [...ran];
    jest.advanceTimersByTime(1);
    work('c');

    expect(soon).toEqual(['a', 'b']);
    expect(ran).toEqual(['a', 'b']);
  });

  it('is not held up by a call that fails', async () => {
    const callers = new CallersFirst();
    const failing = callers.serve(() => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(callers.isDue).toBe(false);
  });
});

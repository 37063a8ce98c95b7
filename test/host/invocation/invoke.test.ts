import { FunctionTimeout } from '../../../host/invocation/function-timeout';
import { createInvoke } from '../../../host/invocation/invoke';
import { toAppFunction } from '../../../host/loading/function-metadata';
import { createHooks, type Hook } from '../../../host/loading/hooks';
import type { LoadedApp } from '../../../host/loading/load-app';
import { createLog, type LogEntry } from '../../../host/log';

/** A programming model that does what the SDK does, without its conversions. */
const model: LoadedApp['model'] = {
  name: 'test',
  version: '0',
  getCapabilities: (standard) => standard,
  getInvocationModel: () => ({
    getArguments: () => Promise.resolve({ context: {}, inputs: [] }),
    invokeFunction: (_context, inputs, handler) => Promise.resolve().then(() => handler(...inputs)),
    getResponse: (_context, result) =>
      Promise.resolve({ returnValue: { json: JSON.stringify(result) } }),
  }),
};

const anApp = (hooks: Record<string, Hook> = {}): LoadedApp => {
  const all = createHooks();
  for (const [name, hook] of Object.entries(hooks)) all.add(name, hook);
  return {
    directory: '',
    functions: [],
    model,
    hooks: all,
    hookData: {},
    unload: () => Promise.resolve(),
  };
};

const target = toAppFunction(
  { name: 'work', bindings: { t: { type: 'activityTrigger' } } },
  { handler: () => undefined, file: 'a.js', disabled: false },
);

const invoke = (handler: (...inputs: unknown[]) => unknown, app = anApp(), limitMs = Infinity) => {
  const target = toAppFunction(
    { name: 'work', bindings: { t: { type: 'activityTrigger' } } },
    { handler, file: 'a.js', disabled: false },
  );
  const log = createLog(() => undefined, { default: 'trace' });
  return createInvoke(app, log, limitMs)({ function: target, trigger: 'in' });
};

describe('an invocation', () => {
  it('hands over the trigger value and returns what the handler returned', async () => {
    const { result, answer } = await invoke((input) => ({ input }));

    expect(result).toEqual({ input: 'in' });
    expect(await answer()).toEqual({ returnValue: { json: '{"input":"in"}' } });
  });

  it('rejects with what the handler threw', async () => {
    const running = invoke(() => {
      throw new Error('no');
    });

    await expect(running).rejects.toThrow('no');
  });

  it.each([undefined, null])('counts as done when the handler throws %s', async (nothing) => {
    const { promise, reject } = Promise.withResolvers();
    reject(nothing);

    const { result } = await invoke(() => promise);

    expect(result).toBeUndefined();
  });

  it('lets hooks replace handler, inputs, result and error', async () => {
    const app = anApp({
      preInvocation: (hook) => {
        Object.assign(hook as object, {
          inputs: ['other'],
          functionCallback: (input: unknown) => {
            throw new Error(String(input));
          },
        });
      },
      postInvocation: (hook) => {
        const { error } = hook as { error: Error };
        Object.assign(hook as object, { error: undefined, result: `caught ${error.message}` });
      },
    });

    const { result } = await invoke(() => 'never', app);

    expect(result).toBe('caught other');
  });

  it('tells the SDK which part of it is running', async () => {
    const states: unknown[] = [];
    let core: { readonly state?: string } | undefined;
    const note = (): number => states.push(core?.state);
    const app = anApp({ preInvocation: note, postInvocation: note });
    const observed: LoadedApp['model'] = {
      ...model,
      getInvocationModel: (invocation) => {
        core = invocation;
        return model.getInvocationModel(invocation);
      },
    };

    await invoke(note, { ...app, model: observed });

    expect(states).toEqual(['preInvocationHooks', 'invocation', 'postInvocationHooks']);
  });

  it('fails with what a hook threw, and does not call the handler', async () => {
    const handler = jest.fn();
    const app = anApp({
      preInvocation: () => {
        throw new Error('not now');
      },
    });

    const running = invoke(handler, app);

    await expect(running).rejects.toThrow('not now');
    expect(handler).not.toHaveBeenCalled();
  });

  it('ends with FunctionTimeout when it takes too long', async () => {
    const running = invoke(() => new Promise(() => undefined), anApp(), 20);

    await expect(running).rejects.toThrow(
      new FunctionTimeout({ limitMs: 20, functionName: 'work', invocationId: '' }).message,
    );
  });
});

describe('what a function logs', () => {
  it.each([
    [{ df: { isReplaying: true } }, { replay: true }],
    [{ df: { isReplaying: false } }, {}],
    [{}, {}],
  ])('says whether it is a replay: %j', async (context, mark) => {
    const entries: LogEntry[] = [];
    const log = createLog((entry) => entries.push(entry), {});
    const app: LoadedApp = {
      ...anApp(),
      model: {
        ...model,
        getInvocationModel: (core) => ({
          ...model.getInvocationModel(core),
          getArguments: () => Promise.resolve({ context, inputs: [] }),
          invokeFunction: () => {
            core.log('information', 'user', 'hello');
            return Promise.resolve(undefined);
          },
        }),
      },
    };

    await createInvoke(app, log, Infinity)({ function: target, instance: 'i' });

    expect(entries[0]).toEqual({
      time: expect.any(String) as string,
      ...{ level: 'information', message: 'hello', source: 'app', function: 'work', instance: 'i' },
      invocation: expect.any(String) as string,
      ...mark,
    });
  });
});

describe('hooks', () => {
  it('have known names', () => {
    const add = (): unknown => createHooks().add('beforeAll', () => undefined);

    expect(add).toThrow(RangeError);
  });

  it('no longer run once they were taken back', async () => {
    const hooks = createHooks();
    const seen: string[] = [];
    hooks.add('appStart', () => seen.push('stays'));
    const takeBack = hooks.add('appStart', () => seen.push('goes'));

    takeBack();
    takeBack();
    await hooks.run('appStart', {});

    expect(seen).toEqual(['stays']);
  });
});

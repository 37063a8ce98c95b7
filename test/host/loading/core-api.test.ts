import { createCoreApi, type Registrations } from '../../../host/loading/core-api';
import { toAppFunction } from '../../../host/loading/function-metadata';
import { createHooks } from '../../../host/loading/hooks';

interface CoreApi {
  registerFunction(metadata: unknown, handler: () => unknown): { dispose(): void };
}

const aCore = (loading: string | undefined) => {
  const registrations: Registrations = { functions: new Map(), model: undefined, loading };
  const api = createCoreApi(registrations, createHooks(), () => undefined) as unknown as CoreApi;
  return { registrations, api };
};

const handler = (): unknown => undefined;

describe('the core module', () => {
  it('registers a function of the file that is being loaded', () => {
    const { registrations, api } = aCore('a.js');

    api.registerFunction({ name: 'one', bindings: {} }, handler);

    expect(registrations.functions.get('one')).toMatchObject({ file: 'a.js', handler });
  });

  it('forgets a function that was disposed of', () => {
    const { registrations, api } = aCore('a.js');

    api.registerFunction({ name: 'one', bindings: {} }, handler).dispose();

    expect(registrations.functions.size).toBe(0);
  });

  it('takes a name once', () => {
    const { api } = aCore('a.js');
    api.registerFunction({ name: 'one', bindings: {} }, handler);

    const again = (): unknown => api.registerFunction({ name: 'one', bindings: {} }, handler);

    expect(again).toThrow(
      'Function "one" was registered twice. Give each function a name of its own: orchestrations, activities and entities share one set of names with all others.',
    );
  });

  it('takes no function after the start', () => {
    const { api } = aCore(undefined);

    const late = (): unknown => api.registerFunction({ name: 'one', bindings: {} }, handler);

    expect(late).toThrow(
      'Function "one" was registered after the app had started. Register it at the top level of a file.',
    );
  });
});

describe('a function of an app', () => {
  it.each(['host', '1st', 'a b', 'ä', '', 'a'.repeat(129)])('is not called "%s"', (name) => {
    const bindings = { t: { type: 'httpTrigger' } };

    const make = (): unknown =>
      toAppFunction({ name, bindings }, { handler, file: 'a.js', disabled: false });

    expect(make).toThrow(`The function name "${name}" is not allowed.`);
  });

  it('has a trigger', () => {
    const make = (): unknown =>
      toAppFunction({ name: 'one', bindings: {} }, { handler, file: 'a.js', disabled: false });

    expect(make).toThrow('Function one has no trigger. Register it with one.');
  });
});

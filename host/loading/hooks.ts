export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log';
export type Hook = (context: unknown) => unknown;

const names: readonly HookName[] = [
  'appStart',
  'appTerminate',
  'preInvocation',
  'postInvocation',
  'log',
];

/** The hooks of an app, in the order in which they were registered. */
export interface Hooks {
  /** @throws RangeError for a name that is no hook's */
  add(name: string, hook: Hook): () => void;
  run(name: Exclude<HookName, 'log'>, context: object): Promise<void>;
  /** Log hooks are not waited for: logging is synchronous. */
  runLog(context: object): void;
}

export function createHooks(): Hooks {
  const hooks = new Map<string, Hook[]>(names.map((name) => [name, []]));
  const named = (name: string): Hook[] => {
    const list = hooks.get(name);
    if (list) return list;
    throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), {
      isAzureFunctionsSystemError: true,
    });
  };
  return {
    add(name, hook) {
      const list = named(name);
      list.push(hook);
      return () => {
        const index = list.indexOf(hook);
        if (index >= 0) list.splice(index, 1);
      };
    },
    async run(name, context) {
      for (const hook of [...named(name)]) await hook(context);
    },
    runLog(context) {
      for (const hook of [...named('log')]) hook(context);
    },
  };
}

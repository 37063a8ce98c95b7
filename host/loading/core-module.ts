import Module from 'node:module';

const coreModule = '@azure/functions-core';

/**
 * Answers `require('@azure/functions-core')` with `api`, in every CommonJS module and for every
 * `require` made by `createRequire`. Returns the function that ends it.
 */
export function provideCoreModule(api: object): () => void {
  // The one place where a module's own `require` can be met before it looks for a file.
  const prototype = Module.prototype as unknown as { require: (id: string) => unknown };
  const original = prototype.require;
  const patched = function require(this: unknown, id: string): unknown {
    return id === coreModule ? api : original.call(this, id);
  };
  prototype.require = patched;
  return () => {
    if (prototype.require === patched) prototype.require = original;
  };
}

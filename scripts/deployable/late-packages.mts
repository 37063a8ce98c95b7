import { join } from 'node:path';

import type { Plugin } from 'esbuild';

/** Who requires what at its top that only few of its calls need. */
const early: Readonly<Record<string, RegExp>> = {
  axios: /[\\/]durable-functions[\\/]/,
  validator: /[\\/]durable-functions[\\/]/,
  jsonwebtoken: /[\\/]@azure[\\/]msal-node[\\/]/,
};

/**
 * Packages that others load too early, a third of the time of a cold start. They get the files of `late/` instead, which
 * stand for just what they use.
 */
export const latePackages: Plugin = {
  name: 'late-packages',
  setup(build) {
    const names = Object.keys(early).join('|');
    build.onResolve({ filter: new RegExp(`^(?:${names})$`) }, ({ path, importer }) =>
      early[path]?.test(importer)
        ? { path: join(import.meta.dirname, 'late', `${path}.cjs`) }
        : undefined,
    );
  },
};

/**
 * `http` comes by `require`, whoever imports it: for an `import` Node reads every property of the module, and some of
 * them load a whole HTTP client that nobody here uses.
 */
export const requiredHttp: Plugin = {
  name: 'required-http',
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?https?$/ }, ({ path, kind }) =>
      kind === 'import-statement'
        ? { path: join(import.meta.dirname, 'late', `${path.replace('node:', '')}.cjs`) }
        : undefined,
    );
  },
};

/**
 * Nobody here sends forms. To be asked whether a body is one, Node would load that same HTTP client, with the first request
 * of all.
 */
export const withoutForms = { FormData: 'undefined' };

import { join } from 'node:path';

import type { Plugin } from 'esbuild';

/**
 * durable-functions requires at its top what only calls of its client need: a third of the time of a cold
 * start. It gets the files of `late/` instead, which stand for just what it uses.
 */
export const latePackages: Plugin = {
  name: 'late-packages',
  setup(build) {
    build.onResolve({ filter: /^(?:axios|validator)$/ }, ({ path, importer }) =>
      /[\\/]durable-functions[\\/]/.test(importer)
        ? { path: join(import.meta.dirname, 'late', `${path}.cjs`) }
        : undefined,
    );
  },
};

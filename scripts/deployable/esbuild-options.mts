import type { BuildOptions } from 'esbuild';

/** Packages that are not there at run time, and need not be. */
export const notBundled = [
  '@azure/functions-core', // what the Functions host answers itself
  'supports-color', // `debug` looks for it and does without: a tool's tool happens to be installed here
];

/** How TypeScript becomes ES modules that run on every Node which Azure Functions offers. */
export const esModules = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  outExtension: { '.js': '.mjs' },
  external: notBundled,
  mainFields: ['module', 'main'],
  conditions: ['import', 'module', 'node'],
  // Some packages are CommonJS inside: they need a `require`, which an ES module does not have.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
} satisfies BuildOptions;

// Three sizes: `quick` (part of `npm run check`), everything else (`npm test`), and `*.full.test.ts`,
// which only STEWARD_FULL=1 adds: the long suites that CI runs.
const quick = process.env.STEWARD_QUICK === '1';
const full = process.env.STEWARD_FULL === '1';

// `npm test` runs them in two parts: what can run side by side, and what is to run alone.
const part = process.env.STEWARD_TESTS;
const alone = ['e2e', 'conformance/durable-extension'];

// Whole processes, whole migrations, and work that is interrupted everywhere: too long for the inner loop.
const long = [
  'e2e/',
  'migration/',
  'pod-identity/interrupted',
  'host/durable/crash',
  'host/durable/properties',
  'activities/call-sites',
  'rights/main-job',
  'infra/compiled',
  'scripts/deployable/built-elsewhere',
];

export default {
  testEnvironment: 'node',
  testMatch:
    part === 'alone'
      ? alone.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`)
      : ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/data/',
    ...(part === 'side-by-side' ? alone.map((folder) => `/test/${folder}/`) : []),
    ...(quick ? long.map((place) => `<rootDir>/test/${place}`) : []),
    ...(full ? [] : ['\\.full\\.test\\.ts$']),
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.deploy/', '<rootDir>/test/data/'],
  transform: {
    '\\.[cm]?ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      },
    ],
  },
};

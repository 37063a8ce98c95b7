// Three sizes: `quick` (part of `npm run check`), everything else (`npm test`), and `*.full.test.ts`,
// which only STEWARD_FULL=1 adds: the long suites that CI runs.
const quick = process.env.STEWARD_QUICK === '1';
const full = process.env.STEWARD_FULL === '1';

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/data/',
    ...(quick ? ['/test/e2e/'] : []),
    ...(full ? [] : ['\\.full\\.test\\.ts$']),
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/test/data/'],
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

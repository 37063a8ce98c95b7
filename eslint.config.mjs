import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Code that is replayed must do the same thing every time, and code it calls must be pure.
const sameEveryTime = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'use workflow.now()',
  },
  {
    selector: ':function[async=true]',
    message: 'replayed code waits with yield*, pure code does not wait',
  },
  { selector: 'AwaitExpression', message: 'replayed code waits with yield*' },
];
const typedWaits = [
  { selector: 'YieldExpression[delegate=false]', message: 'a bare yield is untyped: use yield*' },
];
const machineClock = [
  ['Date', 'now', 'take the time from the clock that was passed in'],
  ['Math', 'random', 'take randomness from the seed that was passed in'],
  ['crypto', 'randomUUID', 'derive it, or let an activity make it'],
  ['process', 'env', 'pass it in'],
].map(([object, property, message]) => ({ object, property, message }));

export default defineConfig(
  globalIgnores(['dist/', '.deploy*/', 'coverage/', 'test/data/']),
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off', // inferred ones document the call
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      'max-params': ['error', 3],
      complexity: ['error', 10],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['orchestrations/**', 'domain/**'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch', 'performance'],
      'no-restricted-properties': ['error', ...machineClock],
      'no-restricted-syntax': ['error', ...sameEveryTime],
    },
  },
  {
    files: ['orchestrations/**'],
    ignores: ['orchestrations/workflow.ts'],
    rules: { 'no-restricted-syntax': ['error', ...sameEveryTime, ...typedWaits] },
  },
  {
    files: ['simulator/**'],
    ignores: ['simulator/clock.ts', 'simulator/main.ts'],
    rules: { 'no-restricted-properties': ['error', ...machineClock] },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      'max-lines-per-function': 'off',
    },
  },
  { files: ['test/**/*.test-d.ts'], rules: { '@typescript-eslint/no-unsafe-call': 'off' } },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
      },
    },
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { module: 'writable', exports: 'writable', require: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);

// Everything that must be green: types, lint, layers, tests. `--quick` leaves out the long suites, and does
// not look again at files that have not changed; STEWARD_FULL=1 adds the longest ones. Further arguments go to jest. The last line counts tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const [...args] = process.argv.slice(2);
const quick = args[0] === '--quick';
if (quick) args.shift();
const onlyTests = args.length > 0;

const code = [
  'domain',
  'clients',
  'telemetry',
  'activities',
  'orchestrations',
  'settings',
  'functions',
  'host',
  'simulator',
  'cli',
  'inspect',
  'doctor',
  'scripts',
  'test',
];
const cache = (name) => join(root, 'node_modules/.cache/steward', name);
const remembering = (...flags) => (quick ? flags : []);
const checks = [
  [
    'types',
    'typescript/bin/tsc',
    remembering('--incremental', '--tsBuildInfoFile', cache('types.tsbuildinfo')),
  ],
  [
    'lint',
    'eslint/bin/eslint.js',
    ['.', ...remembering('--cache', '--cache-location', cache('lint'))],
  ],
  [
    'format',
    'prettier/bin/prettier.cjs',
    [
      ...['--check', '--log-level=warn', '.'],
      ...remembering('--cache', '--cache-location', cache('format')),
    ],
  ],
  [
    'layers',
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    [...code, '--config', '.dependency-cruiser.cjs'],
  ],
];

function node(script, scriptArgs, env = {}) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [script, ...scriptArgs], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return { ok: status === 0, seconds: (performance.now() - started) / 1000 };
}

function tool(path) {
  return join(root, 'node_modules', path);
}

let failed = 0;
function report(name, { ok, seconds }) {
  if (!ok) failed += 1;
  console.log(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`);
}

report('build', node(join(root, 'scripts/build.mjs'), []));
if (!onlyTests) {
  for (const [name, script, scriptArgs] of checks) report(name, node(tool(script), scriptArgs));
}

// What starts many processes, or the real Durable extension, runs alone, not to wait for others.
const runs = onlyTests
  ? [['tests', { workers: 2 }]]
  : [
      ['tests', { workers: 2, part: 'side-by-side' }],
      ...(quick ? [] : [['tests of whole processes', { workers: 1, part: 'alone' }]]),
    ];

const counts = { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 0, numPendingTests: 0 };
const out = mkdtempSync(join(tmpdir(), 'steward-tests-'));
for (const [index, [name, { workers, part = '' }]] of runs.entries()) {
  const results = join(out, `${index}.json`);
  const env = { STEWARD_TESTS: part, ...(quick ? { STEWARD_QUICK: '1' } : {}) };
  const jestArgs = ['--json', '--outputFile', results, `--maxWorkers=${workers}`, ...args];
  report(name, node(tool('jest/bin/jest.js'), jestArgs, env));
  try {
    const seen = JSON.parse(readFileSync(results, 'utf8'));
    for (const count of Object.keys(counts)) counts[count] += seen[count];
  } catch {
    failed += 1; // jest ended without results: it has said why above
  }
}
rmSync(out, { recursive: true, force: true });

if (counts.numPassedTests === 0) failed += 1;
process.exitCode = failed > 0 ? 1 : 0;
const failures = Math.max(counts.numFailedTests, counts.numFailedTestSuites, failed);
const skipped = counts.numPendingTests > 0 ? `, ${counts.numPendingTests} skipped` : '';
console.log(`${counts.numPassedTests} passed, ${failures} failed${skipped}`);

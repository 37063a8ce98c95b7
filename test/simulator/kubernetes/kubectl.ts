import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const oldestMinor = 30;

export type Kubectl = (...args: readonly string[]) => Promise<string>;

/** A kubectl that goes by a kubeconfig file alone. Rejects with what it printed. */
export function kubectlWith(kubeconfig: string): Kubectl {
  return async (...args) => {
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: kubeconfig };
    const { stdout } = await run('kubectl', [...args, '--cache-dir', `${kubeconfig}.cache`], {
      env,
    });
    return stdout;
  };
}

/**
 * Declares tests that need kubectl. Without one there is a single test in their place, named after the reason; it fails
 * where kubectl is required.
 */
export function describeWithKubectl(subject: string, tests: () => void): void {
  const missing = whyMissing();
  describe(subject, () => {
    if (missing === undefined) tests();
    else {
      process.stderr.write(`${subject}: skipped: ${missing}\n`);
      it(`skipped: ${missing}`, () => {
        expect(process.env['STEWARD_REQUIRE_KUBECTL']).not.toBe('1');
      });
    }
  });
}

function whyMissing(): string | undefined {
  const args = ['version', '--client', '-o', 'json'];
  const { stdout, error } = spawnSync('kubectl', args, { encoding: 'utf8' });
  if (error) return 'there is no kubectl';
  const [, major, minor] = /"gitVersion": "v(\d+)\.(\d+)/.exec(stdout) ?? [];
  const isNewEnough = Number(major) > 1 || Number(minor) >= oldestMinor;
  return isNewEnough ? undefined : `kubectl is older than 1.${oldestMinor}`;
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The programs that the real engine needs, built and installed. */
export interface Toolchain {
  readonly engineDll: string;
  readonly azurite: string;
}

/** Why there is no real engine on this machine. */
export interface Missing {
  readonly missing: string;
}

let found: Toolchain | Missing | undefined;
let foundStorage: Pick<Toolchain, 'azurite'> | Missing | undefined;

/**
 * Builds and installs what is needed. It is done when tests are collected, so that their names can say
 * why they are not there.
 */
export function findToolchain(): Toolchain | Missing {
  found ??= prepare<Toolchain>();
  return found;
}

function prepare<T>(...options: readonly string[]): T | Missing {
  const script = join(__dirname, 'prepare-toolchain.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...options], {
    encoding: 'utf8',
  });
  try {
    return JSON.parse(stdout) as T | Missing;
  } catch {
    return { missing: `the toolchain could not be looked for: ${stderr}` };
  }
}

/**
 * Declares tests that need the real engine. Without one there is a single test in their place, named
 * after the reason; it fails where an engine is required.
 */
export function describeWithEngine(subject: string, tests: (toolchain: Toolchain) => void): void {
  describeWith(subject, findToolchain(), tests);
}

/** As {@link describeWithEngine}, for tests that need the storage emulator only. */
export function describeWithStorage(subject: string, tests: (azurite: string) => void): void {
  foundStorage ??= prepare<Pick<Toolchain, 'azurite'>>('storage');
  describeWith(subject, foundStorage, ({ azurite }) => {
    tests(azurite);
  });
}

function describeWith<T extends object>(
  subject: string,
  toolchain: T | Missing,
  tests: (toolchain: T) => void,
): void {
  describe(subject, () => {
    if ('missing' in toolchain) {
      process.stderr.write(`${subject}: skipped: ${toolchain.missing}\n`);
      it(`skipped: ${toolchain.missing}`, () => {
        expect(process.env['STEWARD_REQUIRE_ENGINE']).not.toBe('1');
      });
    } else tests(toolchain);
  });
}

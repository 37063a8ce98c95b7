import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { root } from './program.mts';
import type { Figures } from './scenario.mts';

const folder = join(import.meta.dirname, 'peer');

/** The scenarios that the peer runs too. */
export const peerScenarios: readonly string[] = ['A', 'B', 'C', 'D', 'E'];

/**
 * Installs the packages of the peer, durabletask-js, unless they are there.
 * @returns one line that says why there is no peer; undefined when there is one.
 */
export async function installPeer(): Promise<string | undefined> {
  const script = pathToFileURL(join(root, 'scripts/install-once.mjs')).href;
  const { installOnce } = (await import(script)) as {
    installOnce: (root: string, checkNode: () => void) => Promise<void>;
  };
  try {
    await installOnce(folder, () => undefined);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** One run in a fresh process. */
export async function runPeer(scenario: string): Promise<Figures> {
  const script = join(folder, 'peer.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, scenario]);
  return JSON.parse(stdout) as Figures;
}

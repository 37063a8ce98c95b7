import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

import { parseLenient } from './newtonsoft/lenient-json';
import { HostError } from './host-error';
import { isObject, type JsonObject } from './json';

/**
 * The JSON object in a file; undefined if there is no such file. Comments and trailing commas are fine,
 * as they are for Core Tools and Azure.
 * @throws HostError when the file holds anything else
 */
export function readJsonObject(path: string): JsonObject | undefined {
  if (!existsSync(path)) return undefined;
  const value = parseFile(path, readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  if (!isObject(value)) {
    throw new HostError(`${path} does not hold a JSON object. Correct the file and start again.`);
  }
  return value;
}

function parseFile(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lenient = parseLenient(text);
    if ('value' in lenient) return lenient.value;
    throw new HostError(
      `${path} is not JSON (${String(error)}). Correct the file and start again.`,
    );
  }
}

/**
 * Replaces a file whole, readable for its owner alone: a crash leaves the old or the new content.
 * @throws HostError when it cannot be written
 */
export function writePrivateJson(path: string, value: unknown): void {
  const next = `${path}.next`;
  try {
    rmSync(next, { force: true }); // one that is there already would keep its mode
    writeFileSync(next, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(next, path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HostError(
      `${path} cannot be written (${reason}). Make it writable, or free some space.`,
    );
  }
}

/** Whether a file is there and others than its owner can read it. Windows has no such modes. */
export function isOpenToOthers(path: string): boolean {
  if (process.platform === 'win32' || !existsSync(path)) return false;
  return (statSync(path).mode & 0o077) !== 0;
}

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { parseLenient } from './durable-http/lenient-json';
import { HostError } from './host-error';
import { isObject, type JsonObject } from './json';

/**
 * The JSON object in a file, which may hold comments; undefined if there is no such file.
 * @throws HostError when the file holds anything else
 */
export function readJsonObject(path: string): JsonObject | undefined {
  if (!existsSync(path)) return undefined;
  const parsed = parseLenient(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  if ('problem' in parsed) {
    throw new HostError(
      `${path} is not JSON (${parsed.problem}). Correct the file and start again.`,
    );
  }
  const { value } = parsed;
  if (!isObject(value)) {
    throw new HostError(`${path} does not hold a JSON object. Correct the file and start again.`);
  }
  return value;
}

/** Replaces a file whole, readable for its owner alone: a crash leaves the old or the new content. */
export function writePrivateJson(path: string, value: unknown): void {
  const next = `${path}.next`;
  writeFileSync(next, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(next, path);
}

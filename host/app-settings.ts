import { join } from 'node:path';

import { readJsonObject } from './files';
import { HostError } from './host-error';
import { isObject } from './json';

/** The settings of an app, which it reads as environment variables. */
export interface AppSettings {
  get(name: string): string | undefined;
  /** Puts a value into the environment until `restore`. */
  set(name: string, value: string): void;
  /** Gives the environment back as it was. */
  restore(): void;
}

/**
 * Given settings win over the environment, which wins over `Values` of `local.settings.json`.
 * All of them are in `process.env` until `restore` is called.
 */
export function applySettings(
  appDirectory: string,
  given: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): AppSettings {
  const before = new Map<string, string | undefined>();
  const set = (name: string, value: string): void => {
    if (!before.has(name)) before.set(name, environment[name]);
    environment[name] = value;
  };
  const local = readSettingsFile(join(appDirectory, 'local.settings.json')) ?? {};
  for (const [name, value] of Object.entries(local)) {
    if (environment[name] === undefined) set(name, value);
  }
  for (const [name, value] of Object.entries(given)) set(name, value);
  return {
    get: (name) => environment[name],
    set,
    restore() {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(environment, name);
        else environment[name] = value;
      }
    },
  };
}

/** `Values` of a file in the form of `local.settings.json`; undefined if there is no such file. */
export function readSettingsFile(path: string): Record<string, string> | undefined {
  const file = readJsonObject(path);
  if (!file) return undefined;
  if (file['IsEncrypted'] === true) {
    throw new HostError(`${path} is encrypted. Decrypt it with "func settings decrypt".`);
  }
  const values = isObject(file['Values']) ? file['Values'] : {};
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)]] : [],
    ),
  );
}

/**
 * The text with each `%NAME%` replaced by that setting.
 * @throws HostError naming a setting that does not exist
 */
export function resolveNames(text: string, settings: Pick<AppSettings, 'get'>): string {
  return text.replace(/%([^%]+)%/g, (whole, name: string) => {
    const value = settings.get(name);
    if (value === undefined) throw new HostError(`'${whole}' does not resolve to a value.`);
    return value;
  });
}

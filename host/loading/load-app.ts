import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { AppSettings } from '../app-settings';
import { HostError } from '../host-error';
import type { HostLog } from '../log';
import { findAppFiles } from './app-files';
import { createCoreApi, type Registrations } from './core-api';
import { provideCoreModule } from './core-module';
import { type AppFunction, byName, toAppFunction } from './function-metadata';
import { createHooks, type Hooks } from './hooks';
import type { ProgrammingModel } from './programming-model';

/** An app whose files are loaded and whose start hooks have run. */
export interface LoadedApp {
  readonly directory: string;
  /** By name, letter case aside */
  readonly functions: readonly AppFunction[];
  readonly model: ProgrammingModel;
  readonly hooks: Hooks;
  /** What the hooks of this app share with each other */
  readonly hookData: object;
  /** Runs the `appTerminate` hooks and takes back what loading changed in this process. */
  readonly unload: () => Promise<void>;
}

export interface LoadOptions {
  readonly directory: string;
  readonly settings: AppSettings;
  readonly log: HostLog;
}

/**
 * Loads an app in the way of the Functions worker: host interface first, then the app's files one
 * after the other, then the `appStart` hooks; after that nothing can be registered any more.
 * @throws HostError when a file cannot be loaded or no function is registered
 */
export async function loadApp({ directory, settings, log }: LoadOptions): Promise<LoadedApp> {
  const hooks = createHooks();
  const hookData = {};
  const registrations: Registrations = { functions: new Map(), model: undefined, loading: '' };
  const api = createCoreApi(registrations, hooks, (level, category, message) => {
    if (category === 'user') log.app(level, message, {});
    else log.write(level, message);
  });
  const withdraw = provideCoreModule(api);
  try {
    await loadFiles(resolve(directory), registrations, log);
    const shared = { hookData: {}, appHookData: hookData };
    await hooks.run('appStart', { ...shared, functionAppDirectory: directory });
    const model = await settle(registrations, directory);
    const unload = async (): Promise<void> => {
      await hooks.run('appTerminate', shared);
      withdraw();
    };
    const functions = toFunctions(registrations, settings);
    return { directory, functions, model, hooks, hookData, unload };
  } catch (error) {
    withdraw();
    throw error;
  }
}

async function loadFiles(
  directory: string,
  registrations: Registrations,
  log: HostLog,
): Promise<void> {
  for (const file of findAppFiles(directory)) {
    registrations.loading = file;
    try {
      await import(pathToFileURL(file).href);
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      log.write('error', stack ?? message);
      const reason = message.split('\n')[0]?.replace(/\.$/, '') ?? '';
      throw new HostError(`${file} cannot be loaded: ${reason}. Correct this and start again.`);
    }
  }
}

/** Closes registration; asking for the capabilities is what makes the SDK lock its own setup. */
async function settle(registrations: Registrations, directory: string): Promise<ProgrammingModel> {
  registrations.loading = undefined;
  const { model, functions } = registrations;
  if (!model || functions.size === 0) {
    throw new HostError(
      `The app in ${directory} registered no function. Register one with @azure/functions; a process loads an app once, so run a second host in a process of its own.`,
    );
  }
  await model.getCapabilities({});
  return model;
}

function toFunctions(registrations: Registrations, settings: AppSettings): AppFunction[] {
  return [...registrations.functions.values()]
    .map(({ metadata, handler, file }) =>
      toAppFunction(metadata, { handler, file, disabled: isDisabled(metadata.name, settings) }),
    )
    .sort(byName);
}

function isDisabled(name: string, settings: AppSettings): boolean {
  const value =
    settings.get(`AzureWebJobs.${name}.Disabled`) ?? settings.get(`AzureWebJobs_${name}_Disabled`);
  return value !== undefined && /^(true|1)$/i.test(value);
}

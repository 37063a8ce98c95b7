import type { LogLevel } from '../log';
import { Disposable } from './disposable';
import type { FunctionHandler, FunctionMetadata } from './function-metadata';
import type { Hook, Hooks } from './hooks';
import type { ProgrammingModel } from './programming-model';

interface Registration {
  readonly metadata: FunctionMetadata;
  readonly handler: FunctionHandler;
  readonly file: string;
}

/** What the app has told the host through `@azure/functions-core`. */
export interface Registrations {
  readonly functions: Map<string, Registration>;
  model: ProgrammingModel | undefined;
  /** The app file that is being loaded; undefined once registration is closed */
  loading: string | undefined;
}

/** Versions that the app can read: those whose behavior this host follows. */
export const versions = {
  worker: '3.9.1',
  host: '4.1037.0.0',
  hostDetails: '4.1037.0+89dc438d476542786f2fc4070f553423213a6223',
};

type CoreLog = (level: LogLevel, category: string, message: string) => void;

/**
 * The module `@azure/functions-core`, which the Functions worker gives to the SDK.
 * Registering is possible while the app's files are being loaded, and not afterwards.
 */
export function createCoreApi(
  registrations: Registrations,
  hooks: Hooks,
  log: CoreLog,
): Record<string, unknown> {
  return {
    version: versions.worker,
    hostVersion: versions.host,
    Disposable,
    log,
    setProgrammingModel(model: ProgrammingModel) {
      registrations.model = model;
    },
    getProgrammingModel: () => registrations.model,
    registerFunction: (metadata: FunctionMetadata, handler: FunctionHandler) =>
      register(registrations, metadata, handler),
    registerHook: (name: string, hook: Hook) => new Disposable(hooks.add(name, hook)),
  };
}

function register(
  registrations: Registrations,
  metadata: FunctionMetadata,
  handler: FunctionHandler,
): Disposable {
  const { functions, loading } = registrations;
  if (loading === undefined) {
    throw new Error(
      `Function "${metadata.name}" was registered after the app had started. Register it at the top level of a file.`,
    );
  }
  const id = metadata.functionId ?? metadata.name;
  if (functions.has(id)) {
    throw new Error(
      `Function "${id}" was registered twice. Give each function a name of its own: orchestrations, activities and entities share one set of names with all others.`,
    );
  }
  functions.set(id, { metadata, handler, file: loading });
  return new Disposable(() => functions.delete(id));
}

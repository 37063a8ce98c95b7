import { AsyncLocalStorage } from 'node:async_hooks';

import type { HostLog } from '../log';

/** Errors that no caller of a function sees: promises that nobody waits for, throwing timers. */
export interface StrayErrors {
  /**
   * Runs `body` so that errors it leaves behind carry the name of the function; without one they
   * are the app's, of the code that runs when it is loaded.
   */
  attribute<T>(functionName: string | undefined, body: () => T): T;
  /** The function whose code runs now, if any. */
  readonly current: () => string | undefined;
  /** Takes the handlers off the process. */
  readonly stop: () => void;
}

/**
 * Keeps errors of the app from ending the process and reports each with its function. On Azure they
 * restart the worker; other errors, which are the host's own, end the process as ever.
 */
export function containStrayErrors(log: HostLog): StrayErrors {
  const current = new AsyncLocalStorage<{ readonly name: string | undefined }>();
  const report = (what: string, error: unknown): void => {
    const name = current.getStore()?.name;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.write('error', `${what}: ${text}`, name === undefined ? {} : { function: name });
  };
  const onRejection = (reason: unknown): void => {
    report('A promise was rejected and nobody waited for it', reason);
  };
  const onException = (error: Error): void => {
    if (current.getStore() === undefined) throw error;
    report('An error was thrown outside of the function call', error);
  };
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onException);
  return {
    attribute: (name, body) => current.run({ name }, body),
    current: () => current.getStore()?.name,
    stop() {
      process.off('unhandledRejection', onRejection);
      process.off('uncaughtException', onException);
    },
  };
}

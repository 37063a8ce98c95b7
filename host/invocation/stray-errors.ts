import { AsyncLocalStorage } from 'node:async_hooks';

import type { HostLog } from '../log';

/** Errors that no caller of a function sees: promises that nobody waits for, throwing timers. */
export interface StrayErrors {
  /** Runs `body` so that errors it leaves behind carry the name of the function. */
  attribute<T>(functionName: string, body: () => T): T;
  /** Takes the handlers off the process. */
  readonly stop: () => void;
}

/**
 * Keeps errors of the app from ending the process and reports each with its function. On Azure they
 * restart the worker; other errors, which are the host's own, end the process as ever.
 */
export function containStrayErrors(log: HostLog): StrayErrors {
  const current = new AsyncLocalStorage<string>();
  const report = (what: string, error: unknown): void => {
    const name = current.getStore();
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
    attribute: (functionName, body) => current.run(functionName, body),
    stop() {
      process.off('unhandledRejection', onRejection);
      process.off('uncaughtException', onException);
    },
  };
}

import type { DurableEngine, EngineOptions } from './contract';
import { openDatabase } from './store/database';
import { Facade } from './facade';

export type * from './contract';
export { defaultSettings } from './contract';

/**
 * Opens the store and returns an engine that does nothing until `open` is called.
 *
 * @throws when the file cannot be used: one sentence of cause and one next step.
 */
export function openEngine(options: EngineOptions): DurableEngine {
  return new Facade(options, openDatabase(options.databasePath));
}

import type { DurableEngine, EngineOptions } from './contract';

export type * from './contract';
export { defaultSettings } from './contract';

/**
 * Opens the store and returns an engine that does nothing until `open` is called.
 *
 * @throws when the file cannot be used: one sentence of cause and one next step.
 */
export function openEngine(_options: EngineOptions): DurableEngine {
  throw new Error('The durable engine is not built yet.');
}

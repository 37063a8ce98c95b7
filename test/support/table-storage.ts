import type { Storage } from '../conformance/durable-extension/harness/azurite';
import { startAzurite } from '../conformance/durable-extension/harness/azurite';

// The key that a storage emulator has unless it is given another.
export const emulatorKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** As a developer runs it: {@link startAzurite} under the well-known key. */
export function startTableStorage(script: string): Promise<Storage> {
  return startAzurite(script, emulatorKey);
}

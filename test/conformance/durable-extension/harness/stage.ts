import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildHost, bundle } from '../../../host/support/build-host';
import { type Storage, startAzurite } from './azurite';
import {
  type AppToServe,
  type RealStage,
  type ServedApp,
  serveLocally,
  serveOnExtension,
  workerEntry,
} from './served-app';
import { prepareToolchain } from './toolchain';

/** A place where apps are served by both engines. */
export interface Stage {
  /** A folder of this run, removed with it */
  readonly folder: string;
  /** Why there is no real engine here; undefined when there is one */
  readonly skipped: string | undefined;
  onHost(app: AppToServe): Promise<ServedApp>;
  /** `hubName`: letters and digits */
  onExtension(hubName: string, app: AppToServe): Promise<ServedApp>;
  close(): Promise<void>;
}

/**
 * Builds and starts everything that is needed.
 * @throws when there is no real engine and `STEWARD_REQUIRE_ENGINE` is 1
 */
export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-durable-'));
  const [toolchain, hostMain] = await Promise.all([prepareToolchain(), buildHost()]);
  const skipped = 'missing' in toolchain ? toolchain.missing : undefined;
  if (skipped !== undefined && process.env['STEWARD_REQUIRE_ENGINE'] === '1') {
    throw new Error(`The real engine is required, but ${skipped}. Provide it and run again.`);
  }
  let storage: Storage | undefined;
  let real: RealStage | undefined;
  if (!('missing' in toolchain)) {
    storage = await startAzurite(toolchain.azurite);
    const workerMain = await bundle(workerEntry, join(folder, 'worker'));
    real = { workerMain, toolchain, connectionString: storage.connectionString };
  }
  const started: ServedApp[] = [];
  const keep = (app: ServedApp): ServedApp => {
    started.push(app);
    return app;
  };
  return {
    folder,
    skipped,
    onHost: async (app) => keep(await serveLocally(hostMain, app)),
    async onExtension(hubName, app) {
      if (!real) throw new Error(`There is no real engine: ${skipped ?? ''}`);
      return keep(await serveOnExtension(real, hubName, app));
    },
    async close() {
      await Promise.all(started.map((app) => app.stop()));
      await storage?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

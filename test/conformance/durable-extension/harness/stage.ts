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
import type { Toolchain } from './toolchain';

/** A place where apps are served by both engines. */
export interface Stage {
  /** A folder of this run, removed with it */
  readonly folder: string;
  onHost(app: AppToServe): Promise<ServedApp>;
  /** `hubName`: letters and digits. @throws without a toolchain */
  onExtension(hubName: string, app: AppToServe): Promise<ServedApp>;
  close(): Promise<void>;
}

/** Builds and starts everything that is needed; without a toolchain, only for the local host. */
export async function openStage(toolchain?: Toolchain): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-durable-'));
  const hostMain = await buildHost();
  const storage = toolchain && (await startAzurite(toolchain.azurite));
  const real = toolchain && storage && (await toRealStage(folder, toolchain, storage));
  const started: ServedApp[] = [];
  const keep = (app: ServedApp): ServedApp => {
    started.push(app);
    return app;
  };
  return {
    folder,
    onHost: async (app) => keep(await serveLocally(hostMain, app)),
    async onExtension(hubName, app) {
      if (!real) throw new Error('This stage was opened without a toolchain. Open it with one.');
      return keep(await serveOnExtension(real, hubName, app));
    },
    async close() {
      await Promise.all(started.map((app) => app.stop()));
      await storage?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function toRealStage(
  folder: string,
  toolchain: Toolchain,
  { connectionString }: Storage,
): Promise<RealStage> {
  const workerMain = await bundle(workerEntry, join(folder, 'worker'));
  return { workerMain, toolchain, connectionString };
}

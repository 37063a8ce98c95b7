import { Host } from './host.mts';
import type { Launch } from './program.mts';

/** What one run found, by name. */
export type Figures = Readonly<Record<string, number>>;

/** What a run is given. */
export interface Room {
  /** An empty folder, removed after the run. */
  readonly folder: string;
}

/** One kind of work; each run of it has fresh processes and a fresh store. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly run: (room: Room) => Promise<Figures>;
}

/** Starts a host for the work, and stops it however that ends. */
export async function withHost<Result>(
  folder: string,
  work: (host: Host) => Promise<Result>,
  launch?: Launch,
): Promise<Result> {
  const host = await Host.start(folder, launch);
  try {
    return await work(host);
  } finally {
    await host.stop();
  }
}

/** Milliseconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { takeLeftFolder } from '../data-folder';
import type { Trace } from '../durable/contract';
import { cannotOpen } from '../durable/store/store-errors';
import { readTrace } from '../durable/trace-data';
import { readJsonObject } from '../files';
import { HostError } from '../host-error';
import { readRunning } from '../running-note';

/** Where traces come from: the host that runs on a data folder, or what it left there. */
export interface TraceSource {
  /** The time of the host, which may run faster than the machine's; undefined if it is stopped */
  readonly now: () => number | undefined;
  read(id: string): Promise<Trace>;
  close(): void;
}

/** The file of a running host belongs to it alone, so it is asked; otherwise the file is read. */
export function openTraceSource(directory: string): TraceSource {
  const release = takeLeftFolder(directory);
  return release ? openStore(directory, release) : askHost(directory);
}

function openStore(directory: string, release: () => void): TraceSource {
  const path = join(directory, 'durable.db');
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    return {
      now: () => undefined,
      read: (id) => Promise.resolve(readTrace(database, id)),
      close() {
        database.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw new HostError(cannotOpen(path, error));
  }
}

const patienceMs = 10_000;

function askHost(directory: string): TraceSource {
  const url = readRunning(directory);
  const key = readJsonObject(join(directory, 'keys.json'))?.['master'];
  if (url === undefined || typeof key !== 'string') {
    throw new HostError(
      `A host is starting or ending with the data folder ${directory}. Try again in a moment.`,
    );
  }
  let now: number | undefined;
  return {
    now: () => now,
    async read(id) {
      const answer = await ask(`${url}/admin/host/trace/${encodeURIComponent(id)}`, key);
      ({ now } = answer);
      return answer.trace;
    },
    close: () => undefined,
  };
}

async function ask(url: string, key: string): Promise<{ now: number; trace: Trace }> {
  try {
    const response = await fetch(url, {
      headers: { 'x-functions-key': key },
      signal: AbortSignal.timeout(patienceMs),
    });
    if (response.ok) return (await response.json()) as { now: number; trace: Trace };
    throw new HostError(
      `The host at ${new URL(url).origin} cannot tell (status ${response.status}). See its log.`,
    );
  } catch (error) {
    if (error instanceof HostError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new HostError(
      `The host at ${new URL(url).origin} does not answer (${reason}). If it hangs, stop it and ask again.`,
    );
  }
}

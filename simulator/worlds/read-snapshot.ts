import { readFile } from 'node:fs/promises';

import { parseWorld } from '../control/world-document';
import type { Json } from '../json';
import type { Snapshot } from './diff';

/**
 * The world of a file, in any form that `PUT /_simulator/world` takes, or of a simulator that serves its control
 * surface at an address.
 *
 * @throws Error that names the file or address, with what to do.
 */
export async function readSnapshot(place: string): Promise<Snapshot> {
  const isAddress = /^https?:\/\//.test(place);
  const text = isAddress ? await fetchWorld(place) : await readWorld(place);
  const document = parseJson(text, place);
  const resources = parseWorld(document, '');
  return Object.fromEntries(resources.map((one) => [one.id.toLowerCase(), one]));
}

async function fetchWorld(address: string): Promise<string> {
  const url = new URL('/_simulator/world', address);
  const response = await fetch(url).catch((cause: unknown) => {
    throw new Error(`Nothing answers at ${url.origin}. Start the simulated Azure there.`, {
      cause,
    });
  });
  if (response.ok) return response.text();
  throw new Error(
    `${url.origin} answered ${response.status}. Start the simulated Azure there with --control.`,
  );
}

async function readWorld(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`The file ${file} cannot be read. Check its name.`, { cause });
  });
}

function parseJson(text: string, place: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${place} is no JSON: ${reason}. Give a world as JSON.`, { cause: error });
  }
}

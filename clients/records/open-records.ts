import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import type { TokenCredential } from '@azure/core-auth';

import type { RecordsPlace } from '../../domain/records';
import type { Records } from './records';
import { openSqliteRecords } from './sqlite-records';
import { openTableRecords } from './table-records';

/**
 * Opens the store at a place. A SQLite file is made when missing, with its folder.
 *
 * @param hostIdentity that may read and write the tables.
 */
export function openRecords(place: RecordsPlace, hostIdentity: TokenCredential): Records {
  if (place.kind === 'tables') {
    const { url } = place;
    return openTableRecords({ url, credential: isEmulator(url) ? emulatorKey : hostIdentity });
  }
  const path = resolve(place.file);
  mkdirSync(dirname(path), { recursive: true });
  return openSqliteRecords(path);
}

/** Nothing else speaks plain HTTP on this machine, under this account. */
function isEmulator(url: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\/devstoreaccount1$/.test(url);
}

// No secret: the one key that every storage emulator has
// (https://learn.microsoft.com/azure/storage/common/storage-connect-azurite).
const emulatorKey = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
};

import type { Records } from '../../clients/records/records';
import { clusterKey } from '../../domain/ids';
import type { ClusterId } from '../../domain/ids';
import { ledgerId } from '../../domain/migration/ledger';
import type { LedgerChange, LedgerRecord } from '../../domain/migration/ledger';

export interface MigrationPlace {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
}

/**
 * Writes down what there is before it is changed. A step that runs twice keeps what its first time saw.
 *
 * @returns what stands in the ledger.
 */
export async function remember(
  records: Records,
  { migrationId, clusterId }: MigrationPlace,
  change: LedgerChange,
): Promise<LedgerRecord> {
  const id = ledgerId({ migrationId, cluster: clusterKey(clusterId) }, change);
  const entry = { id, migrationId, clusterId, change };
  if (await records.insert('ledger', id, entry)) return entry;
  const known = (await records.get('ledger', id))?.value;
  if (known && known.undoneAt === undefined) return known;
  await records.put('ledger', id, entry);
  return entry;
}

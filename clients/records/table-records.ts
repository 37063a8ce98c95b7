import type { NamedKeyCredential, TokenCredential } from '@azure/core-auth';
import type { TableClient } from '@azure/data-tables';

import type { RecordKind, RecordTypes } from '../../domain/records';
import { askedAgain } from '../credential';
import type { Page, Records, Stored } from './records';
import { sortedTableError, tableCode, tryPolicy, wasRepeated } from './table-errors';
import { rowKeyOf } from './table-keys';
import { rowOf, valueOf } from './table-rows';
import type { Row } from './table-rows';

export interface TableRecordsOptions {
  /** Of the table service: `https://ACCOUNT.table.core.windows.net`. */
  readonly url: string;
  readonly credential: TokenCredential | NamedKeyCredential;
  /** Before the first of three repetitions; it doubles. A test has no time. */
  readonly retryDelayMs?: number;
  readonly longestTryMs?: number;
}

const tableName = 'stewardRecords';

// The most that the service gives at once.
const rowsPerRequest = 1000;

/**
 * Records in one table of an Azure Storage account, for any number of processes: a row for each record, a
 * partition for each kind. The library behind it is loaded, and the table made, when it is needed first.
 */
export function openTableRecords(options: TableRecordsOptions): Records {
  return new TableRecords(options);
}

class TableRecords implements Records {
  readonly #options: TableRecordsOptions;
  #connected: Promise<TableClient> | undefined;

  constructor(options: TableRecordsOptions) {
    this.#options = options;
  }

  async get<K extends RecordKind>(
    kind: K,
    id: string,
  ): Promise<Stored<RecordTypes[K]> | undefined> {
    const row = await this.#find(kind, id);
    return row && { value: await valueOf<K>(row), etag: row['etag'] as string };
  }

  async insert<K extends RecordKind>(kind: K, id: string, value: RecordTypes[K]): Promise<boolean> {
    const row = await rowOf(kind, id, value);
    const insert = (table: TableClient) => table.createEntity(row);
    return this.#writeUnless(['EntityAlreadyExists'], row, insert);
  }

  async put<K extends RecordKind>(kind: K, id: string, value: RecordTypes[K]): Promise<void> {
    const row = await rowOf(kind, id, value);
    await this.#writeUnless([], row, (table) => table.upsertEntity(row, 'Replace'));
  }

  async replace<K extends RecordKind>(
    kind: K,
    id: string,
    { value, etag }: { readonly value: RecordTypes[K]; readonly etag: string },
  ): Promise<boolean> {
    if (!isTag(etag)) return false;
    const row = await rowOf(kind, id, value);
    const replace = (table: TableClient) => table.updateEntity(row, 'Replace', { etag });
    return this.#writeUnless([...notThere, changed], row, replace);
  }

  async remove(kind: RecordKind, id: string, etag = '*'): Promise<void> {
    if (etag !== '*' && !isTag(etag)) return;
    await this.#unless([...notThere, changed], (table) =>
      table.deleteEntity(kind, rowKeyOf(id), { etag }),
    );
  }

  async list<K extends RecordKind>(
    kind: K,
    { limit, after = '' }: { readonly limit: number; readonly after?: string },
  ): Promise<Page<RecordTypes[K]>> {
    const rows =
      (await this.#unless(notThere, (table) => rowsBehind(table, kind, { limit, after }))) ?? [];
    const items = await Promise.all(rows.slice(0, limit).map((row) => valueOf<K>(row)));
    const last = rows[limit - 1];
    return rows.length > limit && last ? { items, next: last.id } : { items };
  }

  close(): void {
    // Connections are the process's; nothing is kept open for the store.
  }

  #find(kind: RecordKind, id: string): Promise<Row | undefined> {
    return this.#unless(notThere, (table) => table.getEntity<Row>(kind, rowKeyOf(id)));
  }

  /**
   * Writes a row; the first one of all makes the table. A write that was sent again, since its answer was
   * lost, may find its own row in the way: then it has succeeded. Where it finds another's, it does not
   * matter whether its own was there before: others were there last, and whoever asked has to read.
   *
   * @returns false when the service refuses for one of these reasons.
   */
  async #writeUnless(
    reasons: readonly string[],
    row: Row,
    write: (table: TableClient) => Promise<unknown>,
  ): Promise<boolean> {
    try {
      await this.#withTable(write);
      return true;
    } catch (error) {
      if (!reasons.includes(tableCode(error))) throw sortedTableError(error);
      if (!wasRepeated(error)) return false;
      const there = await this.#find(row.partitionKey as RecordKind, row.id);
      return there?.write === row.write;
    }
  }

  async #withTable(work: (table: TableClient) => Promise<unknown>): Promise<void> {
    const table = await this.#connect();
    try {
      await work(table);
    } catch (error) {
      if (tableCode(error) !== 'TableNotFound') throw error;
      await table.createTable(); // succeeds when another process has just made it
      await work(table);
    }
  }

  async #unless<T>(
    reasons: readonly string[],
    work: (table: TableClient) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await work(await this.#connect());
    } catch (error) {
      if (reasons.includes(tableCode(error))) return undefined;
      throw sortedTableError(error);
    }
  }

  #connect(): Promise<TableClient> {
    return (this.#connected ??= connect(this.#options));
  }
}

const notThere = ['ResourceNotFound', 'TableNotFound'];
const changed = 'UpdateConditionNotSatisfied';

/** The service takes `*` for any row, and answers what cannot be a tag with an error. */
function isTag(etag: string): boolean {
  return /^W\/"[^"]*"$/.test(etag);
}

async function connect(options: TableRecordsOptions): Promise<TableClient> {
  const { TableClient } = await import('@azure/data-tables');
  // Table storage itself gives up on a request after 30 seconds.
  const { url, credential, retryDelayMs = 200, longestTryMs = 40_000 } = options;
  const settings = {
    allowInsecureConnection: url.startsWith('http:'),
    retryOptions: { maxRetries: 3, retryDelayInMs: retryDelayMs, maxRetryDelayInMs: 5_000 },
    userAgentOptions: { userAgentPrefix: 'aks-identity-steward/0.1' },
    additionalPolicies: [{ policy: tryPolicy(longestTryMs), position: 'perRetry' as const }],
  };
  // The constructors differ in the type of the credential only.
  return 'getToken' in credential
    ? new TableClient(url, tableName, askedAgain(credential), settings)
    : new TableClient(url, tableName, credential, settings);
}

/** One row more than the limit, if there is one: there is a next page. */
async function rowsBehind(
  table: TableClient,
  kind: RecordKind,
  { limit, after }: { readonly limit: number; readonly after: string },
): Promise<readonly Row[]> {
  const filter = `PartitionKey eq '${kind}' and RowKey gt '${rowKeyOf(after)}'`;
  const maxPageSize = Math.min(limit + 1, rowsPerRequest);
  const rows: Row[] = [];
  for await (const page of table
    .listEntities<Row>({ queryOptions: { filter } })
    .byPage({ maxPageSize })) {
    rows.push(...page); // fewer than asked for, or none, is not yet the end
    if (rows.length > limit) break;
  }
  return rows;
}

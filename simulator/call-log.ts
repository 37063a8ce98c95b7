import { createHash } from 'node:crypto';

import type { Journal } from './journal';
import { canonical, isObject } from './json';
import type { Json, JsonObject } from './json';

/** One ARM request as it was answered. */
export interface Call {
  readonly time: number;
  readonly principal: string;
  readonly provider: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Hash of the state that a write aims at; undefined for reads. */
  readonly target?: string | undefined;
}

/** The subscription that a path names, in lower case; the empty text for calls of the tenant. */
const subscription = `CASE WHEN lower(path) LIKE '/subscriptions/_%'
  THEN lower(substr(path, 16, instr(substr(path, 16) || '/', '/') - 1)) ELSE '' END`;

const volatile = new Set(['etag', 'systemdata', 'provisioningstate', 'status']);

/** Every ARM request of the world's life, on disk before it is answered. */
export class CallLog {
  private readonly journal: Journal;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  add(call: Call): void {
    const { time, principal, provider, operation, method, path, status, target } = call;
    const insert = this.journal.prepared(
      'INSERT INTO calls (time, principal, provider, operation, method, path, status, target) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.journal.append(() => {
      insert.run(time, principal, provider, operation, method, path, status, target ?? null);
    });
  }

  /** Calls in the order they were answered, from the one after `after`. */
  list(after: number, limit: number): readonly JsonObject[] {
    const rows = this.journal
      .prepared('SELECT * FROM calls WHERE id > ? ORDER BY id LIMIT ?')
      .all(after, limit);
    return rows.map(({ target, ...call }) => toJson(target === null ? call : { ...call, target }));
  }

  /** How often who asked for what in which subscription, and which accepted writes asked for the same state again. */
  summary(): JsonObject {
    const counts = this.journal
      .prepared(
        `SELECT principal, provider, operation, ${subscription} AS subscription, method, status, count(*) AS count
         FROM calls GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`,
      )
      .all();
    const repeated = this.journal
      .prepared(
        `SELECT principal, method, path, target, count(*) AS accepted FROM calls
         WHERE target IS NOT NULL AND status BETWEEN 200 AND 299
         GROUP BY principal, method, lower(path), target HAVING count(*) > 1 ORDER BY min(id)`,
      )
      .all();
    return { calls: counts.map(toJson), repeatedWrites: repeated.map(toJson) };
  }

  clear(): void {
    const clear = this.journal.prepared('DELETE FROM calls');
    this.journal.append(() => clear.run());
  }
}

/** Equal for writes that ask for the same state: member order, eTags and what only Azure writes do not count. */
export function targetHash(state: Json | undefined): string {
  return createHash('sha256')
    .update(canonical(withoutVolatile(state)))
    .digest('hex')
    .slice(0, 16);
}

function withoutVolatile(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => withoutVolatile(item) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !volatile.has(name.toLowerCase()))
      .map(([name, member]) => [name, withoutVolatile(member)]),
  );
}

function toJson(row: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : String(value),
    ]),
  );
}

import { objectAt, textAt } from '../json';
import type { Json } from '../json';
import type { Row } from '../kusto/scalar';

/** What a query may see. */
export interface Scope {
  /** Lower-cased ids; undefined for all, as a management group means here. */
  readonly subscriptions: ReadonlySet<string> | undefined;
  /** Whether what stands above the subscriptions is part of the answer. */
  readonly above: boolean;
}

export function scopeOf(body: Json | undefined): Scope {
  const asked = objectAt(body)['subscriptions'];
  const filter = textAt(body, 'options', 'authorizationScopeFilter') ?? '';
  const subscriptions =
    Array.isArray(asked) && asked.length > 0
      ? new Set(
          (asked as readonly Json[]).map((id) => (typeof id === 'string' ? id.toLowerCase() : '')),
        )
      : undefined;
  return { subscriptions, above: filter.includes('Above') };
}

/** Built-in roles belong to no subscription and are part of every answer. */
export function inScope(row: Row, { subscriptions, above }: Scope): boolean {
  const id = row['subscriptionId'];
  if (subscriptions === undefined || typeof id !== 'string') return true;
  if (id !== '') return subscriptions.has(id);
  return above || row['type'] === 'microsoft.authorization/roledefinitions';
}

import { objectAt, textAt } from '../json';
import type { Json } from '../json';
import type { Row } from '../kusto/scalar';
import { mayRead } from '../rights/authorize';
import type { World } from '../world';

/** What a query may see. */
export interface Scope {
  /** Lower-cased ids; undefined for all, as a management group means here. */
  readonly subscriptions: ReadonlySet<string> | undefined;
  /** Whether what stands above the subscriptions is part of the answer. */
  readonly above: boolean;
  /** Who asks, where that matters; else nobody. */
  readonly reader: string;
  /** Whether the caller may read a resource; undefined when everybody may read everything. */
  readonly mayRead: ((id: string) => boolean) | undefined;
}

export function scopeOf(
  body: Json | undefined,
  { principal, world }: { readonly principal: string; readonly world: World },
): Scope {
  const asked = objectAt(body)['subscriptions'];
  const filter = textAt(body, 'options', 'authorizationScopeFilter') ?? '';
  const subscriptions =
    Array.isArray(asked) && asked.length > 0
      ? new Set(
          (asked as readonly Json[]).map((id) => (typeof id === 'string' ? id.toLowerCase() : '')),
        )
      : undefined;
  const open = world.behaviour.rights === 'open';
  return {
    subscriptions,
    above: filter.includes('Above'),
    reader: open ? '' : principal,
    mayRead: open ? undefined : (id) => mayRead(world, principal, id),
  };
}

/** Built-in roles belong to no subscription and are part of every answer. */
export function inScope(row: Row, { subscriptions, above, mayRead: readable }: Scope): boolean {
  const id = row['subscriptionId'];
  const resource = row['id'];
  if (readable && typeof id === 'string' && id !== '' && !readable(String(resource))) return false;
  if (subscriptions === undefined || typeof id !== 'string') return true;
  if (id !== '') return subscriptions.has(id);
  return above || row['type'] === 'microsoft.authorization/roledefinitions';
}

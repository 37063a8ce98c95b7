/** ARM actions that something needs at a scope. */
export interface RightsAt {
  readonly scope: string;
  readonly actions: readonly string[];
}

/** A right that is missing. */
export interface MissingRight {
  readonly action: string;
  readonly scope: string;
}

/** What is asked for more than once is asked for once: scopes are compared as ARM compares them. */
export function distinctRights(rights: readonly RightsAt[]): readonly RightsAt[] {
  const byScope = new Map<string, { readonly scope: string; readonly actions: Set<string> }>();
  for (const { scope, actions } of rights) {
    const known = byScope.get(scope.toLowerCase()) ?? { scope, actions: new Set<string>() };
    for (const action of actions) known.actions.add(action);
    byScope.set(scope.toLowerCase(), known);
  }
  return [...byScope.values()].map(({ scope, actions }) => ({ scope, actions: [...actions] }));
}

/**
 * The scopes at which a right may have been granted, the widest first: the subscription, the resource group, the resource.
 * What lies in no subscription has only itself.
 */
export function scopesAbove(scope: string): readonly string[] {
  const parts = scope.split('/');
  const ends = parts[1]?.toLowerCase() === 'subscriptions' ? [3, 5] : [];
  const above = ends
    .filter((end) => end < parts.length)
    .map((end) => parts.slice(0, end).join('/'));
  return [...above, scope];
}

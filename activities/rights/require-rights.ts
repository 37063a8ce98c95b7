import type { Clients } from '../../clients';
import { permissionsAt } from '../../clients/own-permissions';
import { FailureError } from '../../domain/outcome';
import { missingActions } from '../../domain/permissions';
import { distinctRights, scopesAbove } from '../../domain/rights';
import type { MissingRight, RightsAt } from '../../domain/rights';
import type { Permission } from '../../domain/snapshot';

/**
 * Holds rights against what Steward's own identity may do. It asks at the subscription first, where most are granted,
 * then at resource groups, and at resources only for what is still missing. What deny assignments take away and what
 * conditions limit does not show there: that Azure refuses when it comes.
 *
 * @throws FailureError `Forbidden` that names every action that is missing, and where.
 */
export async function requireRights(
  clients: Clients,
  rights: readonly RightsAt[],
  target: string,
): Promise<void> {
  const known: Known = new Map();
  const missing: MissingRight[] = [];
  for (const right of distinctRights(rights)) {
    missing.push(...(await missingOf(clients, right, known)));
  }
  if (missing.length === 0) return;
  const list = missing.map(({ action, scope }) => `${action} at ${scope}`).join(', ');
  throw new FailureError({
    code: 'Forbidden',
    message: `Steward's identity lacks ${list}; what needs it was not begun.`,
    next: "Grant Steward's identity these actions, with the roles that GET /api/v1/permissions names, then ask again.",
    target,
  });
}

/** What Steward may do by scope, or why that could not be seen. */
type Known = Map<string, Promise<readonly Permission[] | FailureError>>;

async function missingOf(
  clients: Clients,
  { scope, actions }: RightsAt,
  known: Known,
): Promise<readonly MissingRight[]> {
  let missing = actions;
  const refusals: FailureError[] = [];
  const places = scopesAbove(scope);
  for (const place of places) {
    if (missing.length === 0) break;
    const seen = await permissionsOnce(clients, place, known);
    if (seen instanceof FailureError) refusals.push(seen);
    else missing = missingActions(seen, missing);
  }
  const refusal = refusals.find(({ failure }) => failure.code === 'Forbidden');
  if (refusal && refusals.length === places.length) throw refusal; // nobody knows what is missing
  return missing.map((action) => ({ action, scope }));
}

function permissionsOnce(clients: Clients, scope: string, known: Known) {
  const key = scope.toLowerCase();
  const found = known.get(key) ?? permissionsIfAny(clients, scope);
  known.set(key, found);
  return found;
}

/** Where Steward may not look, or where nothing is yet, a narrower or wider scope may tell. */
async function permissionsIfAny(
  clients: Clients,
  scope: string,
): Promise<readonly Permission[] | FailureError> {
  try {
    return (await permissionsAt(clients, scope)).permissions;
  } catch (error) {
    const isUnseen =
      error instanceof FailureError && ['Forbidden', 'NotFound'].includes(error.failure.code);
    if (isUnseen) return error;
    throw error;
  }
}

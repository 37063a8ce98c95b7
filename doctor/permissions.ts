import { checkCapabilities } from '../domain/permissions';
import type { Capability, CapabilityCheck, GrantedAt } from '../domain/permissions';
import { groupOf } from '../domain/roles/matrix-row';
import { note, ok, problem, reasonOf } from './check';
import type { Check } from './check';

export interface Rights {
  readonly subscriptions: readonly string[];
  readonly needs: Readonly<Record<Capability, readonly string[]>>;
  /** The capabilities without which something is wrong; the others may be off on purpose. */
  readonly need: readonly Capability[];
  /** The clusters of a subscription. @throws when Azure cannot be asked. */
  readonly clustersOf: (subscriptionId: string) => Promise<readonly { readonly id: string }[]>;
  readonly ownPermissions: (scopes: readonly string[]) => Promise<readonly GrantedAt[]>;
}

const area = 'permissions';
// Each scope costs a call.
const mostGroups = 100;

/** What each capability lacks at each subscription, and at the resource groups of its clusters. */
export async function checkPermissions(rights: Rights): Promise<readonly Check[]> {
  const { subscriptions, needs, need } = rights;
  const all = await Promise.all(subscriptions.map((id) => grantedIn(id, rights)));
  const granted = all.flatMap((one) => one.granted);
  const refusals = all.flatMap((one) => one.checks);
  if (granted.length === 0) return refusals;
  const capabilities = checkCapabilities(needs, granted);
  return [...refusals, ...capabilities.flatMap((one) => checksOf(one, need.includes(one.name)))];
}

async function grantedIn(subscriptionId: string, rights: Rights) {
  const scope = `/subscriptions/${subscriptionId}`;
  try {
    const groups = await groupsIn(subscriptionId, rights);
    return { granted: await rights.ownPermissions([scope, ...groups]), checks: [] };
  } catch (error) {
    const next = 'Check the id, and who is signed in.';
    const text = `Azure does not say what may be done at ${scope}: ${reasonOf(error)}. ${next}`;
    return { granted: [], checks: [problem(area, text)] };
  }
}

/** Whoever may not list the clusters is told so as a missing action. */
async function groupsIn(id: string, { clustersOf }: Rights): Promise<readonly string[]> {
  const clusters = await clustersOf(id).catch(() => []);
  return [...new Set(clusters.map(({ id: cluster }) => groupOf(cluster)))].slice(0, mostGroups);
}

function checksOf({ name, enables, scopes }: CapabilityCheck, isNeeded: boolean): Check[] {
  const lacking = scopes.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return [ok(area, `${name}: may ${enables}.`)];
  const say = isNeeded ? problem : note;
  return lacking.map(({ scope, missing }) => {
    const cause = `${name}: may not ${enables} at ${scope}.`;
    return say(area, `${cause} Grant ${missing.join(', ')}.`);
  });
}

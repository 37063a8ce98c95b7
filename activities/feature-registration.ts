import type { Clients } from '../clients';
import { callArm } from '../clients/arm-errors';
import { isGone, isRegistered } from '../domain/feature-state';
import { FailureError } from '../domain/outcome';
import type { UndoEntry } from '../domain/records';
import { defineActivity } from './activity';
import { claim, release } from './claims';
import { featureState, featureUsers, splitFeature } from './readings/features';
import type { FeatureId } from './readings/features';
import { rememberBefore } from './undo-log';

/** A change of a flag concerns the whole subscription; one run makes it, the others wait. */
export interface FeatureChange extends FeatureId {
  /** Instance id of the run that asks. */
  readonly runId: string;
  /** ISO time of the run. */
  readonly asOf: string;
}

export interface FeatureAnswer {
  readonly state: string;
  /** This run makes the change, and refreshes the provider afterwards. */
  readonly owned: boolean;
}

const read = 'Microsoft.Features/providers/features/read';
// Longer than Azure takes, so that nobody repeats a change that is under way.
const claimMinutes = 90;

export const readFeature = defineActivity(
  [read],
  async (input: FeatureId, { clients }): Promise<{ readonly state: string }> => ({
    state: await featureState(clients, input),
  }),
);

/** State of the resource provider that a flag belongs to: `Registered`, `Registering`, … */
export const readProvider = defineActivity(
  ['Microsoft.Resources/subscriptions/providers/read'],
  async (
    { subscriptionId, feature }: FeatureId,
    { clients },
  ): Promise<{ readonly state: string }> => {
    const { namespace } = splitFeature(feature);
    const { providers } = await clients.resources(subscriptionId);
    const scope = `/subscriptions/${subscriptionId}/providers/${namespace}`;
    const { registrationState = '' } = await callArm(scope, () => providers.get(namespace));
    return { state: registrationState };
  },
);

/**
 * Asks for a preview flag. Idempotent: a flag that is registered, or on its way, is left alone.
 *
 * @throws FailureError `Unsupported` where Azure does not offer the flag.
 */
export const requestFeature = defineActivity(
  [read, 'Microsoft.Features/providers/features/register/action'],
  async (change: FeatureChange, context): Promise<FeatureAnswer> => {
    const { clients, log } = context;
    const claimed = await claimChange(clients, 'register', change);
    const state = await featureState(clients, change);
    if (state === 'Unavailable') throw unavailable(change);
    // Whoever had it registered before this run came, has seen to the provider too.
    if (claimed === 'taken' && isRegistered(state)) {
      return letGo(clients, 'register', { change, state });
    }
    const owned = claimed !== 'held';
    if (!owned || !isOff(state)) return { state, owned };
    await rememberBefore(context, before('requestFeature', change, state));
    log.info('feature.registering', { ...change });
    const { namespace, name } = splitFeature(change.feature);
    const { features } = await clients.features(change.subscriptionId);
    const answer = await callArm(target(change), () => features.register(namespace, name));
    return { state: answer.properties?.state ?? 'Registering', owned };
  },
);

/** Takes a preview flag back, unless a cluster of the subscription still uses it. Idempotent. */
export const withdrawFeature = defineActivity(
  [
    read,
    'Microsoft.Features/providers/features/unregister/action',
    'Microsoft.ContainerService/managedClusters/read',
  ],
  async (change: FeatureChange, context): Promise<FeatureAnswer & { readonly usedBy: number }> => {
    const { clients, log } = context;
    const usedBy = await featureUsers(clients, change);
    if (usedBy > 0) return { state: 'Registered', owned: false, usedBy };
    const claimed = await claimChange(clients, 'unregister', change);
    const state = await featureState(clients, change);
    const owned = claimed !== 'held';
    if (claimed === 'taken' && isGone(state)) {
      return { ...(await letGo(clients, 'unregister', { change, state: 'Unregistered' })), usedBy };
    }
    if (!owned || state.toLowerCase() !== 'registered') {
      return { state: isGone(state) ? 'Unregistered' : state, owned, usedBy };
    }
    await rememberBefore(context, before('withdrawFeature', change, state));
    log.info('feature.unregistering', { ...change });
    const { namespace, name } = splitFeature(change.feature);
    const { features } = await clients.features(change.subscriptionId);
    const answer = await callArm(target(change), () => features.unregister(namespace, name));
    return { state: answer.properties?.state ?? 'Unregistering', owned, usedBy };
  },
);

/**
 * Registers a resource provider again, which makes Azure honour a changed flag. Left alone while a
 * registration is under way, since that one takes the change along. Ends the run's claim to the flag:
 * whoever wants it changed back may do so at once.
 */
export const registerProvider = defineActivity(
  [
    'Microsoft.Resources/subscriptions/providers/read',
    'Microsoft.ContainerService/register/action',
  ],
  async (
    change: FeatureChange & { readonly verb: Verb },
    { clients },
  ): Promise<{ readonly state: string }> => {
    const { subscriptionId, feature } = change;
    const { namespace } = splitFeature(feature);
    const { providers } = await clients.resources(subscriptionId);
    const scope = `/subscriptions/${subscriptionId}/providers/${namespace}`;
    const { registrationState = '' } = await callArm(scope, () => providers.get(namespace));
    const underWay = registrationState.toLowerCase() === 'registering';
    const state = underWay
      ? registrationState
      : (await callArm(scope, () => providers.register(namespace))).registrationState;
    await release(clients.records, claimId(change.verb, change), change.runId);
    return { state: state ?? 'Registering' };
  },
);

type Verb = 'register' | 'unregister';

function before(action: UndoEntry['action'], id: FeatureId, state: string): UndoEntry {
  return { action, target: target(id), before: { state } };
}

function isOff(state: string): boolean {
  return ['notregistered', 'unregistered', 'notspecified'].includes(state.toLowerCase());
}

/** There is nothing to change: nothing to see through, either. */
async function letGo(
  { records }: Clients,
  verb: Verb,
  { change, state }: { readonly change: FeatureChange; readonly state: string },
): Promise<FeatureAnswer> {
  await release(records, claimId(verb, change), change.runId);
  return { state, owned: false };
}

function claimChange({ records }: Clients, verb: Verb, change: FeatureChange) {
  const { runId, asOf } = change;
  const id = claimId(verb, change);
  return claim(records, { id, owner: runId, asOf, minutes: claimMinutes });
}

function claimId(verb: Verb, { subscriptionId, feature }: FeatureId): string {
  return `${verb}_${subscriptionId}_${feature.replace('/', '_')}`.toLowerCase();
}

function target({ subscriptionId, feature }: FeatureId): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Features/providers/${feature}`;
}

function unavailable(id: FeatureId): FailureError {
  return new FailureError({
    code: 'Unsupported',
    message: `Azure does not offer ${id.feature} in this subscription, or in this cloud at all.`,
    next: 'Take the flag out of the policy, then onboard the cluster again.',
    target: target(id),
  });
}

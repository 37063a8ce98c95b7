import { isRegistered } from '../domain/feature-state';
import { FailureError } from '../domain/outcome';
import { waiting } from './steps';
import type { Run, Workflow } from './workflow';

export interface FeatureInput {
  readonly subscriptionId: string;
  readonly feature: string;
}

// The documentation speaks of minutes, up to 15; a flag that needs Microsoft's approval never comes.
const patienceMinutes = 60;
const pollSeconds = 45;

/**
 * Registers a preview flag and refreshes its provider, without which the flag has no effect for
 * hours. Both are settings of the whole subscription; whoever comes second waits for the first.
 *
 * @throws FailureError `Unsupported` when the flag is not offered or waits for Microsoft's approval.
 */
export function* registerFeature(workflow: Workflow, input: FeatureInput): Run<{ state: string }> {
  const { activities } = workflow;
  const asked = yield* activities.requestFeature(changeOf(workflow, input));
  const first = { state: asked.state, settled: isRegistered };
  const state = yield* waitForState(workflow, input, first);
  if (asked.owned) {
    yield* activities.registerProvider({ ...changeOf(workflow, input), verb: 'register' });
  }
  return { state };
}

/** A change of a flag, in the name of this run. */
export function changeOf(
  { instanceId, now }: Workflow,
  input: FeatureInput,
): FeatureInput & { readonly runId: string; readonly asOf: string } {
  return { ...input, runId: instanceId, asOf: now().toISOString() };
}

/** Polls a flag until its state is one to settle for. */
export function* waitForState(
  workflow: Workflow,
  input: FeatureInput,
  {
    state: first,
    settled,
  }: { readonly state: string; readonly settled: (state: string) => boolean },
): Run<string> {
  const { activities, now, sleepSeconds } = workflow;
  const deadline = now().getTime() + patienceMinutes * 60_000;
  let state = first;
  while (!settled(state)) {
    if (now().getTime() > deadline) throw stuck(input, state);
    waiting(workflow, {
      reason: 'feature-registering',
      text: `${input.feature} is ${state}`,
      until: new Date(deadline).toISOString(),
    });
    yield* sleepSeconds(pollSeconds);
    ({ state } = yield* activities.readFeature(input));
  }
  return state;
}

function stuck({ feature, subscriptionId }: FeatureInput, state: string): FailureError {
  return new FailureError({
    code: 'DeadlineExceeded',
    message: `${feature} is still ${state} after ${patienceMinutes} minutes.`,
    next: 'A flag that stays Pending waits for approval by Microsoft: ask for it, then onboard again.',
    target: `/subscriptions/${subscriptionId}`,
  });
}

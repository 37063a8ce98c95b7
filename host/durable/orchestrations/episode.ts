import type { Decision } from './actions';
import type { EngineOptions, HistoryEvent, RuntimeStatus } from '../contract';
import { argumentException } from '../sdk/dotnet-exceptions';
import type { FailureFields, OrchestratorError } from '../failures';
import { childFailure, orchestratorFailure, unknownFunction } from '../failures';
import { actionLimitText } from '../hazards/action-limit';
import { episodeHazards } from '../hazards/episode';
import { unknownFunctions } from '../hazards/functions';
import type { OrchestratorWatch } from '../hazards/orchestrator-watch';
import { judge, placeOf } from '../hazards/strictness';
import type { Instance } from '../instance';
import { refusal } from './refusals';
import type { SdkState } from '../sdk/sdk-state';
import type { Sequence } from './sequencer';
import { sequence } from './sequencer';
import { stoppingSignal } from './stopping-signal';
import { tooDeep } from './too-deep';
import { jsonText } from '../sdk/values';

/** How an instance ended. */
export interface End {
  readonly status: Extract<RuntimeStatus, 'Completed' | 'Failed' | 'Terminated'>;
  readonly output: string | undefined;
  /** What a parent is told; without it, the output is the parent's result. */
  readonly failure?: FailureFields;
}

/** What one run of an orchestrator changes. */
export interface Outcome {
  readonly decisions: readonly Decision[];
  readonly cancelledTimers: readonly number[];
  /** Sequence number of the entry that ends the instance. */
  readonly nextId: number;
  readonly suspended: boolean;
  /** Names of the external events that are waited for. */
  readonly awaits?: readonly string[];
  /** JSON text; undefined clears it. */
  readonly customStatus: string | undefined;
  readonly end?: End;
  readonly continuation?: NonNullable<Sequence['continuation']>;
}

/** What an outcome depends on besides the history and the state. */
export interface Surroundings {
  readonly options: EngineOptions;
  /** Missing when nothing is to be found. */
  readonly watch: OrchestratorWatch | undefined;
  /** Whether an instance of this id has not ended. */
  readonly isLive: (id: string) => boolean;
}

/** Judges what the SDK returned for a history. `instance.history` holds the whole of it. */
export function outcomeOf(instance: Instance, state: SdkState, around: Surroundings): Outcome {
  const { options } = around;
  const found = sequence(instance.history, state.actions, options.settings);
  const customStatus = customStatusOf(instance, state);
  const decisions = found.decisions.filter(
    (decision) => unknownFunctions(decision, options).length === 0,
  );
  const going = { ...base(found, customStatus), decisions };
  return (
    strictFailure({ instance, state, found }, around) ??
    mismatched(found, state, decisions) ??
    refused({ instance, state, found }, customStatus) ??
    stopped(instance, going, { found, options }) ??
    limited(instance, state, { found, going, options }) ??
    settled(instance, state, { found, going })
  );
}

/** In strict mode a hazard fails the instance; otherwise it is logged, or let pass. */
function strictFailure(ran: Ran, around: Surroundings): Outcome | undefined {
  const { instance, state, found } = ran;
  if (around.options.strict === 'off') return undefined;
  const hazards = episodeHazards({ ...ran, ...around });
  const failure = judge(hazards, placeOf(instance), around.options);
  if (failure === undefined) return undefined;
  const output = orchestratorFailure(instance.name, failure.message);
  return failedOutcome(found, output, failed(output, state));
}

/** The history did not come from this code, and Azure still makes the calls that are new. */
function mismatched(
  found: Sequence,
  state: SdkState,
  decisions: readonly Decision[],
): Outcome | undefined {
  const { mismatch } = found;
  if (mismatch === undefined) return undefined;
  return { ...failedOutcome(found, mismatch, failed(mismatch, state)), decisions };
}

/** The state holds what the host cannot take. */
function refused({ instance, state, found }: Ran, customStatus?: string): Outcome | undefined {
  const problem = refusal(state, { found, customStatus });
  if (problem === undefined) return undefined;
  return failedOutcome(found, orchestratorFailure(instance.name, problem.message), problem);
}

/** Azure fails in the middle of the actions, after it has sent the signals before. */
function stopped(
  { name }: Instance,
  going: Outcome,
  { found, options }: { readonly found: Sequence; readonly options: EngineOptions },
): Outcome | undefined {
  const signal = stoppingSignal(found, options);
  if (signal === undefined) return undefined;
  const problem = argumentException(signal.problem);
  const failure = failedOutcome(found, orchestratorFailure(name, problem.message), problem);
  return { ...failure, ...going, decisions: signal.sentBefore };
}

/** The host fails at an action too many, once the calls before it have ended. */
function limited(
  instance: Instance,
  state: SdkState,
  { found, going, options }: Going & { readonly options: EngineOptions },
): Outcome | undefined {
  if (found.overLimit !== 'fails') return undefined;
  if (found.outstanding > 0) return going;
  const message = actionLimitText(options.settings.maxOrchestrationActions);
  // The host fails before it has looked at an error of the orchestrator's own, and names nobody.
  const output = state.error === undefined ? orchestratorFailure(instance.name, message) : message;
  const failure = childFailure(output, { message, stack: '' });
  return { ...going, end: { status: 'Failed', output, failure } };
}

function settled(instance: Instance, state: SdkState, { found, going }: Going): Outcome {
  if (!isOver(found, state)) return going;
  if (found.continuation) return { ...going, continuation: found.continuation };
  return withReleases(going, found, { end: endOf(instance, state) });
}

interface Going {
  readonly found: Sequence;
  readonly going: Outcome;
}

interface Ran {
  readonly instance: Instance;
  readonly state: SdkState;
  readonly found: Sequence;
}

function failed(message: string, { error }: SdkState): OrchestratorError {
  return error ?? { message, stack: '' };
}

function base(found: Sequence, customStatus: string | undefined): Outcome {
  const { decisions, cancelledTimers, nextId, suspended, awaits } = found;
  return { decisions, cancelledTimers, nextId, suspended, awaits, customStatus };
}

function isOver(found: Sequence, state: SdkState): boolean {
  const said = state.done || state.error !== undefined;
  return said && found.finished && found.outstanding === 0 && !found.suspended;
}

function endOf(instance: Instance, state: SdkState): End {
  if (state.error === undefined) return { status: 'Completed', output: jsonText(state.output) };
  const output = orchestratorFailure(instance.name, state.error.message);
  return { status: 'Failed', output, failure: childFailure(output, state.error) };
}

/** Locks that the orchestrator forgot are given back when it ends. */
function withReleases(going: Outcome, found: Sequence, ending: { end: End }): Outcome {
  const releases = (found.held?.entityIds ?? []).map((entityId, index): Decision => ({
    kind: 'release',
    id: going.nextId + index,
    entityId,
    requestId: found.held?.requestId ?? '',
  }));
  return {
    ...going,
    ...ending,
    decisions: [...going.decisions, ...releases],
    nextId: going.nextId + releases.length,
  };
}

/** The instance fails here and now, and nothing new is scheduled. */
function failedOutcome(found: Sequence, output: string, error: OrchestratorError): Outcome {
  return withReleases({ ...base(found, undefined), decisions: [] }, found, {
    end: { status: 'Failed', output, failure: childFailure(output, error) },
  });
}

/** A missing status clears the old one, except in the first run after `continueAsNew`. */
function customStatusOf(instance: Instance, state: SdkState): string | undefined {
  if (tooDeep(state.customStatus, 'customStatus') !== undefined) return undefined;
  if (state.customStatus !== undefined) return jsonText(state.customStatus);
  return instance.generation > 0 && instance.rows === 0 ? instance.customStatus : undefined;
}

/** The instance's function is not there. */
export function unknownOutcome(instance: Instance, known: readonly string[]): Outcome {
  return refusedOutcome(instance, unknownFunction('orchestrator', instance.name, known));
}

/** The instance's function is not run, and this is why. */
export function refusedOutcome(instance: Instance, reason: string): Outcome {
  const output = orchestratorFailure(instance.name, reason);
  return {
    ...{ decisions: [], cancelledTimers: [], nextId: 0, suspended: false, customStatus: undefined },
    end: { status: 'Failed', output, failure: { Reason: output, Details: '' } },
  };
}

/** Someone terminated the instance; whatever its orchestrator would have said no longer counts. */
export function terminatedOutcome(instance: Instance, event: HistoryEvent): Outcome {
  const reason = typeof event['Input'] === 'string' ? event['Input'] : undefined;
  return {
    decisions: [],
    cancelledTimers: [],
    nextId: Math.max(-1, ...instance.history.map(({ EventId }) => EventId)) + 1,
    suspended: false,
    customStatus: instance.customStatus,
    end: {
      status: 'Terminated',
      output: reason,
      failure: { Reason: reason ?? null, Details: null },
    },
  };
}

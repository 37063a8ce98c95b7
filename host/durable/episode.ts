import type { Decision } from './actions';
import type { EngineOptions, HistoryEvent, RuntimeStatus } from './contract';
import type { FailureFields } from './failures';
import { childFailure, notRegistered, orchestratorFailure } from './failures';
import { actionLimitText } from './hazards/action-limit';
import { episodeHazards } from './hazards/episode';
import { unknownFunctions } from './hazards/functions';
import type { OrchestratorWatch } from './hazards/orchestrator-watch';
import { judge, placeOf } from './hazards/strictness';
import type { Instance } from './instance';
import { jsonFlaws } from './json-flaws';
import type { SdkState } from './sdk-state';
import type { Sequence } from './sequencer';
import { sequence } from './sequencer';
import { stoppingSignal } from './stopping-signal';
import { tooDeep, unreadable } from './unreadable';
import { customStatusLimitKiB, jsonText, utf16KiB } from './values';

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
  const failure = refused({ instance, state, found }, around) ?? found.mismatch;
  const problem = failure ?? unusable(instance, state, { found, options });
  if (problem !== undefined) return failedOutcome(found, problem, state);
  const decisions = found.decisions.filter(
    (decision) => unknownFunctions(decision, options).length === 0,
  );
  const going = { ...base(found, customStatusOf(instance, state)), decisions };
  const stopped = stoppingSignal(found, options);
  if (stopped !== undefined) {
    const output = orchestratorFailure(instance.name, stopped.problem);
    return { ...failedOutcome(found, output, state), ...going, decisions: stopped.sentBefore };
  }
  const limited = endOfLimited(instance, state, { found, options });
  if (limited !== undefined) return found.outstanding > 0 ? going : { ...going, end: limited };
  if (!isOver(found, state)) return going;
  if (found.continuation) return { ...going, continuation: found.continuation };
  return withReleases(going, found, { end: endOf(instance, state) });
}

/** In strict mode a hazard fails the instance; otherwise it is logged, or let pass. */
function refused(
  { instance, ...ran }: { instance: Instance; state: SdkState; found: Sequence },
  around: Surroundings,
): string | undefined {
  if (around.options.strict === 'off') return undefined;
  const hazards = episodeHazards({ instance, ...ran, ...around });
  const failure = judge(hazards, placeOf(instance), around.options);
  return failure && orchestratorFailure(instance.name, failure.message);
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

/** The host fails at an action too many, once the calls before it have ended. */
function endOfLimited(
  instance: Instance,
  state: SdkState,
  { found, options }: Pick<Judged, 'found' | 'options'>,
): End | undefined {
  if (found.overLimit !== 'fails') return undefined;
  const message = actionLimitText(options.settings.maxOrchestrationActions);
  // The host fails before it has looked at an error of the orchestrator's own, and names nobody.
  const output = state.error === undefined ? orchestratorFailure(instance.name, message) : message;
  return { status: 'Failed', output, failure: childFailure(output, { message, stack: '' }) };
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
function failedOutcome(found: Sequence, output: string, state: SdkState): Outcome {
  const error = state.error ?? { message: output, stack: '' };
  return withReleases({ ...base(found, undefined), decisions: [] }, found, {
    end: { status: 'Failed', output, failure: childFailure(output, error) },
  });
}

interface Judged {
  readonly found: Sequence;
  readonly options: EngineOptions;
}

/** What the state holds that the host cannot take. */
function unusable(instance: Instance, state: SdkState, judged: Judged): string | undefined {
  const problem =
    unwritable(state, judged.found) ??
    tooDeepState(state, judged.found) ??
    tooLarge(customStatusOf(instance, state)) ??
    unreadableDecision(judged.found.decisions) ??
    unreadableOutput(state);
  return problem === undefined ? undefined : orchestratorFailure(instance.name, problem);
}

/** The worker could not send it either. */
function unwritable({ output, customStatus }: SdkState, found: Sequence): string | undefined {
  const inputs = found.decisions.map((decision) => ('input' in decision ? decision.input : null));
  const values = [output, customStatus, found.continuation?.input, ...inputs];
  return values.flatMap(jsonFlaws).find(({ kind }) => kind === 'unwritable')?.becomes;
}

const inputPath = 'actions[0][0].input';

function tooDeepState(state: SdkState, found: Sequence): string | undefined {
  for (const decision of found.decisions) {
    const problem = 'input' in decision ? tooDeep(decision.input, inputPath) : undefined;
    if (problem !== undefined) return problem;
  }
  return (
    tooDeep(found.continuation?.input, inputPath) ??
    tooDeep(state.output, 'output') ??
    tooDeep(state.customStatus, 'customStatus')
  );
}

function unreadableOutput(state: SdkState): string | undefined {
  const problem = unreadable(state.output, 'output');
  return problem === undefined ? undefined : `One or more errors occurred. (${problem})`;
}

function tooLarge(customStatus: string | undefined): string | undefined {
  const size = utf16KiB(customStatus ?? '');
  if (size <= customStatusLimitKiB) return undefined;
  return `The UTF-16 size of the JSON-serialized payload must not exceed ${customStatusLimitKiB} KB. The current payload size is ${size} KB.`;
}

function unreadableDecision(decisions: readonly Decision[]): string | undefined {
  for (const decision of decisions) {
    const input = 'input' in decision ? decision.input : undefined;
    const problem = unreadable(input, inputPath);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A missing status clears the old one, except in the first run after `continueAsNew`. */
function customStatusOf(instance: Instance, state: SdkState): string | undefined {
  if (tooDeep(state.customStatus, 'customStatus') !== undefined) return undefined;
  if (state.customStatus !== undefined) return jsonText(state.customStatus);
  return instance.generation > 0 && instance.rows === 0 ? instance.customStatus : undefined;
}

/** The instance's function is not there. */
export function unknownOutcome(instance: Instance, known: readonly string[]): Outcome {
  return refusedOutcome(instance, notRegistered('orchestrator', instance.name, known));
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

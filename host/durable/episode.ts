import type { Decision } from './actions';
import { httpActivity } from './actions';
import type { EngineOptions, HistoryEvent, RuntimeStatus } from './contract';
import { entityRef } from './entity-messages';
import type { Failed } from './dotnet-exceptions';
import { argumentException } from './dotnet-exceptions';
import type { FailureFields, OrchestratorError } from './failures';
import { childFailure, orchestratorFailure, unknownFunction } from './failures';
import type { Hazard } from './hazards';
import { threwNothingHazard, unknownFunctionHazard } from './hazards';
import type { Instance } from './instance';
import { refusal } from './refusals';
import type { SdkState } from './sdk-state';
import type { Sequence } from './sequencer';
import { sequence } from './sequencer';
import { jsonText } from './values';

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
  /** JSON text; undefined clears it. */
  readonly customStatus: string | undefined;
  readonly end?: End;
  readonly continuation?: NonNullable<Sequence['continuation']>;
}

/** Judges what the SDK returned for a history. `instance.history` holds the whole of it. */
export function outcomeOf(instance: Instance, state: SdkState, options: EngineOptions): Outcome {
  const found = sequence(instance.history, state.actions, options.settings.httpSleepMs);
  const customStatus = customStatusOf(instance, state);
  const unknown = found.decisions.flatMap((decision) => unknownTarget(decision, options));
  const strict = strictFailure(instance, options, [...hazardsOf(found, state), ...unknown]);
  if (strict !== undefined) return failedOutcome(found, strict, failed(strict, state));
  const decisions = callable(found, options);
  if (found.mismatch !== undefined) {
    const { mismatch } = found;
    return { ...failedOutcome(found, mismatch, failed(mismatch, state)), decisions };
  }
  const refused = refusalOf(state, { found, customStatus, options });
  if (refused !== undefined) {
    return failedOutcome(found, orchestratorFailure(instance.name, refused.message), refused);
  }
  const going = { ...base(found, customStatus), decisions };
  if (!isOver(found, state)) return going;
  if (found.continuation) return { ...going, continuation: found.continuation };
  return withReleases(going, found, { end: endOf(instance, state) });
}

/** Calls of what is not there are never made. */
function callable({ decisions }: Sequence, options: EngineOptions): readonly Decision[] {
  return decisions.filter((decision) => unknownTarget(decision, options).length === 0);
}

function failed(message: string, { error }: SdkState): OrchestratorError {
  return error ?? { message, stack: '' };
}

function base(found: Sequence, customStatus: string | undefined): Outcome {
  const { decisions, cancelledTimers, nextId, suspended } = found;
  return { decisions, cancelledTimers, nextId, suspended, customStatus };
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

function hazardsOf(found: Sequence, state: SdkState): readonly Hazard[] {
  const said = state.done || state.error !== undefined;
  const stuck = found.finished && found.idle && !said;
  return stuck ? [...found.hazards, threwNothingHazard()] : found.hazards;
}

function unknownTarget(decision: Decision, options: EngineOptions): Hazard[] {
  if (decision.kind === 'activity' && decision.name !== httpActivity) {
    const known = options.registered('activity', decision.name);
    return known === undefined ? [unknownFunctionHazard('activity', decision.name)] : [];
  }
  if (decision.kind === 'child') {
    const known = options.registered('orchestration', decision.name);
    return known === undefined ? [unknownFunctionHazard('orchestrator', decision.name)] : [];
  }
  return entityNames(decision)
    .filter((name) => options.registered('entity', name) === undefined)
    .map((name) => unknownFunctionHazard('entity', name));
}

function entityNames(decision: Decision): readonly string[] {
  if (decision.kind === 'lock') return decision.lockSet.map(({ name }) => name);
  return decision.kind === 'call' || decision.kind === 'signal'
    ? [entityRef(decision.entityId).name]
    : [];
}

/** In strict mode the first hazard fails the instance; otherwise it is logged, or let pass. */
function strictFailure(
  instance: Instance,
  options: EngineOptions,
  hazards: readonly Hazard[],
): string | undefined {
  const [first] = hazards;
  if (first === undefined || options.strict === 'off') return undefined;
  if (options.strict === 'on') return orchestratorFailure(instance.name, first.message);
  for (const { message } of hazards) options.log('warning', `${instance.id}: ${message}`);
  return undefined;
}

interface Judged {
  readonly found: Sequence;
  readonly customStatus: string | undefined;
  readonly options: EngineOptions;
}

/** What the state holds that the host cannot take. */
function refusalOf(state: SdkState, { found, ...judged }: Judged): Failed | undefined {
  const tooMany = actionsBeyond(state, judged.options.settings.maxOrchestrationActions);
  if (tooMany !== undefined) return argumentException(tooMany);
  return refusal(state, { ...judged, decisions: found.decisions });
}

function actionsBeyond(state: SdkState, limit: number): string | undefined {
  if (state.actions.length <= limit) return undefined;
  return `the orchestrator asked for ${state.actions.length} actions, more than maxOrchestrationActions (${limit}). Use children or continueAsNew.`;
}

/** A missing status clears the old one, except in the first run after `continueAsNew`. */
function customStatusOf(instance: Instance, state: SdkState): string | undefined {
  if (state.customStatus !== undefined) return jsonText(state.customStatus);
  return instance.generation > 0 && instance.rows === 0 ? instance.customStatus : undefined;
}

/** The instance's function is not there. */
export function unknownOutcome({ name }: Instance, known: readonly string[]): Outcome {
  const output = orchestratorFailure(name, unknownFunction('orchestrator', name, known));
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

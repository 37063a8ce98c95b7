import type { Action } from '../orchestrations/actions';
import { orchestratorException } from './dotnet-exceptions';
import type { OrchestratorError } from '../failures';
import { thrownText } from '../failures';

/** What an orchestrator's run came to. */
export interface SdkState {
  readonly actions: readonly Action[];
  readonly done: boolean;
  readonly output: unknown;
  readonly customStatus: unknown;
  /** Why it failed. */
  readonly error: OrchestratorError | undefined;
  /** What was thrown had no message, and the SDK tells nothing else about it. */
  readonly textLost?: boolean;
}

interface ReturnedState {
  readonly isDone?: boolean;
  readonly actions?: readonly (readonly Action[])[];
  readonly output?: unknown;
  readonly customStatus?: unknown;
  readonly error?: string;
}

const label = '\n\n$OutOfProcData$:';

/** Reads the state that the SDK's handler returned. */
export function returnedState(result: unknown): SdkState {
  return stateOf(result ?? {}, undefined);
}

/**
 * Reads the state out of the error that the SDK's handler threw. An error without a state that Azure
 * would read says nothing of what the orchestrator did: there are no actions then.
 */
export function thrownState(thrown: unknown): SdkState {
  const text = thrownText(thrown);
  const at = text.message.lastIndexOf(label);
  const state = at < 0 ? undefined : parsed(text.message.slice(at + label.length));
  if (!isFailure(state)) {
    return { ...stateOf({}, orchestratorException(text)), textLost: state !== undefined };
  }
  return stateOf(state, { message: state.error, stack: text.stack });
}

function isFailure(state: ReturnedState | undefined): state is ReturnedState & { error: string } {
  return state?.isDone === false && typeof state.error === 'string' && state.error !== '';
}

function parsed(text: string): ReturnedState | undefined {
  try {
    return JSON.parse(text) as ReturnedState;
  } catch {
    return undefined;
  }
}

function stateOf(state: ReturnedState, error: SdkState['error']): SdkState {
  const actions = state.actions?.[0] ?? [];
  return {
    actions,
    done: state.isDone === true,
    output: state.output,
    customStatus: state.customStatus,
    error,
  };
}

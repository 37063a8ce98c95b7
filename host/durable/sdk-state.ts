import type { Action } from './actions';
import { thrownText } from './failures';

/** What an orchestrator's run came to. */
export interface SdkState {
  readonly actions: readonly Action[];
  readonly done: boolean;
  readonly output: unknown;
  readonly customStatus: unknown;
  /** Why it failed, with the stack if there is one. */
  readonly error: SdkError | undefined;
}

interface SdkError {
  readonly message: string;
  readonly stack: string;
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

/** Reads the state out of the error that the SDK's handler threw; other errors have no actions. */
export function thrownState(thrown: unknown): SdkState {
  const text = thrownText(thrown);
  const at = text.message.lastIndexOf(label);
  const state = at < 0 ? undefined : parsed(text.message.slice(at + label.length));
  if (state === undefined) return stateOf({}, text);
  if (state.error !== undefined) {
    return stateOf(state, { message: state.error, stack: text.stack });
  }
  return stateOf(state, { message: unlabelled(text), stack: text.stack, textLost: true });
}

/** What the host shows when a state came with an error but without its text. */
function unlabelled({ message, stack }: { message: string; stack: string }): string {
  return `One or more errors occurred. (Result: Failure\nException: ${message}\nStack: ${stack})`;
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

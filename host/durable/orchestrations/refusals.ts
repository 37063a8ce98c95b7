import type { Action } from './actions';
import type { Failed } from '../sdk/dotnet-exceptions';
import { argumentException, unreadableException, unreadableInCall } from '../sdk/dotnet-exceptions';
import { jsonFlaws } from '../sdk/json-flaws';
import { isReference, unreadable } from '../sdk/references';
import type { SdkState } from '../sdk/sdk-state';
import type { Sequence } from './sequencer';
import { tooDeepState } from './too-deep';
import { customStatusLimitKiB, utf16KiB } from '../sdk/values';

interface Judged {
  readonly customStatus: string | undefined;
  readonly found: Sequence;
}

/** Why Azure does not take what an orchestrator said, for which the instance fails; undefined if it does. */
export function refusal(state: SdkState, { found, customStatus }: Judged): Failed | undefined {
  return (
    unwritable(state, found) ??
    tooDeep(state, found) ??
    unreadableMembers(state) ??
    unreadableInputs(state.actions, () => 'actions[0]') ??
    tooLarge(customStatus)
  );
}

/** The worker could not send it either. */
function unwritable({ output, customStatus }: SdkState, found: Sequence): Failed | undefined {
  const inputs = found.decisions.map((decision) => ('input' in decision ? decision.input : null));
  const values = [output, customStatus, found.continuation?.input, ...inputs];
  const text = values.flatMap(jsonFlaws).find(({ kind }) => kind === 'unwritable')?.becomes;
  return text === undefined ? undefined : unreadableException(text);
}

function tooDeep(state: SdkState, found: Sequence): Failed | undefined {
  const text = tooDeepState(state, found);
  return text === undefined ? undefined : unreadableException(text);
}

function unreadableMembers({ output, customStatus }: SdkState): Failed | undefined {
  const text = unreadable(output, 'output') ?? unreadable(customStatus, 'customStatus');
  return text === undefined ? undefined : unreadableInCall(text);
}

/** Looks at every action of every run: where one is, is only worked out when it matters. */
function unreadableInputs(actions: readonly Action[], path: () => string): Failed | undefined {
  for (const [index, { input, compoundActions }] of actions.entries()) {
    const text = isReference(input) && unreadable(input, `${path()}[${index}].input`);
    if (typeof text === 'string') return unreadableException(text);
    if (compoundActions === undefined) continue;
    const inside = unreadableInputs(compoundActions, () => `${path()}[${index}].compoundActions`);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function tooLarge(customStatus: string | undefined): Failed | undefined {
  const size = utf16KiB(customStatus ?? '');
  if (size <= customStatusLimitKiB) return undefined;
  return argumentException(
    `The UTF-16 size of the JSON-serialized payload must not exceed ${customStatusLimitKiB} KB. The current payload size is ${size} KB.`,
  );
}

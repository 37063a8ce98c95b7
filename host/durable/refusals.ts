import type { Action, Decision } from './actions';
import type { EngineOptions } from './contract';
import type { Failed } from './dotnet-exceptions';
import { argumentException, unreadableException, unreadableInCall } from './dotnet-exceptions';
import { entityRef } from './entity-messages';
import { unknownFunction } from './failures';
import { unreadable } from './references';
import type { SdkState } from './sdk-state';
import { customStatusLimitKiB, utf16KiB } from './values';

interface Judged {
  readonly customStatus: string | undefined;
  readonly decisions: readonly Decision[];
  readonly options: EngineOptions;
}

/** Why Azure does not take what an orchestrator said, for which the instance fails; undefined if it does. */
export function refusal(state: SdkState, judged: Judged): Failed | undefined {
  return (
    unreadableMembers(state) ??
    unreadableInputs(state.actions, 'actions[0]') ??
    tooLarge(judged.customStatus) ??
    unknownSignal(judged)
  );
}

function unreadableMembers({ output, customStatus }: SdkState): Failed | undefined {
  const text = unreadable(output, 'output') ?? unreadable(customStatus, 'customStatus');
  return text === undefined ? undefined : unreadableInCall(text);
}

function unreadableInputs(actions: readonly Action[], path: string): Failed | undefined {
  for (const [index, { input, compoundActions = [] }] of actions.entries()) {
    const at = `${path}[${index}]`;
    const text = unreadable(input, `${at}.input`);
    if (text !== undefined) return unreadableException(text);
    const inside = unreadableInputs(compoundActions, `${at}.compoundActions`);
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

/** A call of an unknown entity is never made, but a signal to one is an error at once. */
function unknownSignal({ decisions, options }: Judged): Failed | undefined {
  for (const decision of decisions) {
    if (decision.kind !== 'signal') continue;
    const { name } = entityRef(decision.entityId);
    if (options.registered('entity', name) !== undefined) continue;
    return argumentException(unknownFunction('entity', name, options.names?.('entity') ?? []));
  }
  return undefined;
}

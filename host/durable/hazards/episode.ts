import type { EngineOptions, HistoryEvent } from '../contract';
import { EventType } from '../history';
import type { Instance } from '../instance';
import type { SdkState } from '../sdk/sdk-state';
import type { Sequence } from '../orchestrations/sequencer';
import { actionLimitHazard } from './action-limit';
import { childIdHazards, terminatedChildHazard } from './children';
import { unknownFunctions } from './functions';
import type { Hazard } from './hazard';
import { warning } from './hazard';
import type { OrchestratorWatch } from './orchestrator-watch';
import { longHistoryHazards, openTimerHazard } from './scheduling';
import { threwUndefinedHazard, thrownHazards } from './throws';
import {
  inputHazards,
  longNumberHazards,
  textAgainHazard,
  timestampHazards,
  valueHazards,
} from './values';

/** One run of an orchestrator, as far as it has to be known to judge it. */
export interface Episode {
  readonly instance: Instance;
  readonly state: SdkState;
  readonly found: Sequence;
  readonly options: Pick<EngineOptions, 'registered' | 'settings'>;
  readonly watch: OrchestratorWatch | undefined;
  /** Whether an instance of this id has not ended. */
  readonly isLive: (id: string) => boolean;
}

/** What is wrong with what a run of an orchestrator came to. Only what is new in it is looked at. */
export function episodeHazards(episode: Episode): Hazard[] {
  const { instance, state, found, options, isLive } = episode;
  const { decisions } = found;
  if (found.overLimit === 'waits') {
    return [actionLimitHazard(options.settings.maxOrchestrationActions)];
  }
  return [
    ...thrownHazards(state),
    ...(found.mismatch === undefined ? [] : terminatedChildHazard(instance.history)),
    ...found.hazards,
    ...decisions.flatMap((decision) => unknownFunctions(decision, options)),
    ...childIdHazards(decisions, isLive),
    ...decisions.flatMap(inputHazards),
    ...beginHazards(episode),
    ...(hasSaid(state) ? endHazards(episode) : stuckHazards(episode)),
  ];
}

const hasSaid = ({ done, error }: SdkState): boolean => done || error !== undefined;

function beginHazards({ instance, watch }: Episode): Hazard[] {
  const { history, rows, input = '' } = instance;
  const isFirst = rows === 0;
  return [
    ...(isFirst ? [...timestampHazards(input), ...longNumberHazards(input, 'the input')] : []),
    ...latestEvents(history).flatMap(({ Name: name, Input: text }) =>
      longNumberHazards(String(text), `the event '${String(name)}'`),
    ),
    ...longHistoryHazards(history.length),
    ...(watch?.hazards ?? []),
  ];
}

/** What others have sent since the last run. */
function latestEvents(history: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const begin = history.findLastIndex(
    ({ EventType: type }) => type === EventType.OrchestratorStarted,
  );
  return history.slice(begin).filter(({ EventType: type }) => type === EventType.EventRaised);
}

/** Nothing is to come and the SDK has nothing to say: unless another hazard explains it, this does. */
function stuckHazards({ found }: Episode): Hazard[] {
  const isExplained = found.hazards.some(({ severity }) => severity === 'failure');
  return found.finished && found.idle && !isExplained ? [threwUndefinedHazard()] : [];
}

function endHazards({ found, state, watch }: Episode): Hazard[] {
  return [
    ...found.openTimers().map(openTimerHazard),
    ...(state.done ? (watch?.endHazards() ?? []) : []),
    ...(found.continuation === undefined
      ? valueHazards(state.output, 'the output')
      : continuationHazards(found.continuation, state.output)),
  ];
}

function continuationHazards({ input }: { readonly input: unknown }, output: unknown): Hazard[] {
  const again =
    typeof input === 'string'
      ? [textAgainHazard()]
      : valueHazards(input, 'the input of continueAsNew');
  if (output === undefined || output === null) return again;
  const ignored = 'the orchestrator returned a value after continueAsNew, which Azure ignores.';
  return [...again, warning('ReturnAfterContinueAsNew', `${ignored} Return nothing there.`)];
}

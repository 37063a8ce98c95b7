import type { Action } from '../orchestrations/actions';
import { ActionType } from '../orchestrations/actions';
import type { Hazard } from './hazard';
import { failure, warning } from './hazard';

/** A wait for an event while it is open. */
interface Wait {
  readonly action: Action;
  /** What the orchestrator yielded it in. */
  readonly within: Action;
}

/** What the watch is told about an action. */
export interface Calls {
  isOpen(action: Action): boolean;
}

/** Watches which wait takes which event, for events that never reach the code that waits for them. */
export class EventWatch {
  readonly hazards: Hazard[] = [];
  private readonly calls: Calls;
  private readonly newest = new Map<string, Wait>();
  /** Names whose last event went to a wait that nobody looks at any more. */
  private readonly strays = new Map<string, 'ended' | 'abandoned'>();

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** The orchestrator waits for an event, as part of what it yielded last. */
  begin(action: Action, within: Action): void {
    if (action.actionType !== ActionType.WaitForExternalEvent) return;
    const { externalEventName: name = '' } = action;
    const stray = this.strays.get(name);
    if (stray !== undefined) this.hazards.push(strayHazard(name, stray));
    this.strays.delete(name);
    const before = this.newest.get(name);
    this.newest.set(name, { action, within });
    const isBeside = before?.within === within && before.action !== action;
    if (isBeside && this.calls.isOpen(before.action)) this.hazards.push(sameNameHazard(name));
  }

  /** An event has come for a wait; asked before the wait counts as ended. */
  end(action: Action, within: Action): void {
    if (action.actionType !== ActionType.WaitForExternalEvent) return;
    const { externalEventName: name = '' } = action;
    if (!this.calls.isOpen(action)) this.strays.set(name, 'ended');
    else if (!this.calls.isOpen(within)) this.strays.set(name, 'abandoned');
  }

  /** Whether the orchestrator has waited for events of this name. */
  knows(name: string): boolean {
    return this.newest.has(name);
  }
}

/** A wait that is part of several `Task.any` takes an event for each of them. */
function strayHazard(name: string, stray: 'ended' | 'abandoned'): Hazard {
  const cause =
    stray === 'ended'
      ? 'went to an earlier wait that had its event already and was part of more than one Task.any'
      : 'went to an earlier wait that had lost its race';
  const text = `an event '${name}' ${cause}; on Azure this wait does not get it.`;
  return stray === 'ended'
    ? failure(
        'EventWentToOldWait',
        `${text} Make one wait and yield it by itself, or a fresh one for each Task.any.`,
      )
    : warning(
        'EventWentToOldWait',
        `${text} Keep the first wait and look whether it is completed before making another.`,
      );
}

function sameNameHazard(name: string): Hazard {
  return warning(
    'TwoWaitsForOneEvent',
    `two waits for the event '${name}' are open at once; the newest one gets the first event. Wait for one after the other if the order matters.`,
  );
}

/** `count` events were delivered, and the execution ends without having taken them. */
export function eventsLostHazard(name: string, count: number): Hazard {
  return warning(
    'EventsLostAtContinueAsNew',
    `${count === 1 ? 'an event' : `${count} events`} '${name}' came in and nobody took them before continueAsNew; Azure drops them. Take in what has come before continuing as new, or collect events in an entity.`,
  );
}

/** Names are compared letter by letter. */
export function eventCaseHazard(came: string, wanted: string): Hazard {
  return warning(
    'EventNameCase',
    `an event '${came}' came in while the orchestrator waits for '${wanted}'; Azure tells them apart. Use the same letter case.`,
  );
}

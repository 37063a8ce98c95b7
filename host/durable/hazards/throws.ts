import type { SdkState } from '../sdk/sdk-state';
import type { Hazard } from './hazard';
import { failure } from './hazard';

/** `throw undefined`: the SDK reports neither a result nor an error. */
export function threwUndefinedHazard(): Hazard {
  return failure(
    'ThrewUndefined',
    'the orchestrator threw undefined; on Azure it then stays Running for ever. Throw an Error.',
  );
}

/** The worker reports nothing for `undefined` and `null`, and the host takes that for a result. */
export function threwNothingHazard(activity: string): Hazard {
  return failure(
    'ThrewNothing',
    `the activity '${activity}' threw undefined or null; Azure takes that for success with the result null. Throw an Error.`,
  );
}

/** Errors whose text on Azure does not say what is wrong. */
export function thrownHazards({ error, textLost }: SdkState): Hazard[] {
  if (error === undefined) return [];
  if (textLost === true) return [threwNoErrorHazard()];
  if (error.message === 'this.generator.next is not a function') return [notAGeneratorHazard()];
  const yielded = /Orchestration yielded data of type (\w+)\./.exec(error.message)?.[1];
  return yielded === undefined ? [] : [yieldedNoTaskHazard(yielded)];
}

function threwNoErrorHazard(): Hazard {
  return failure(
    'ThrewNoError',
    'the orchestrator threw something without a message (a text, null, a plain object, an Error without text); Azure shows an internal text instead of it. Throw an Error with a message.',
  );
}

function notAGeneratorHazard(): Hazard {
  return failure(
    'NotAGenerator',
    'the orchestrator is no generator function; Azure fails every instance of it. Write function* instead of function or async function, and yield instead of await.',
  );
}

function yieldedNoTaskHazard(type: string): Hazard {
  return failure(
    'YieldedNoTask',
    `the orchestrator yielded a value of type ${type}, which is no task (a promise, the result of signalEntity), or it is an async generator; Azure fails the instance. Yield only tasks that the methods of context.df return.`,
  );
}

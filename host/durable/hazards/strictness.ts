import type { EngineOptions } from '../contract';
import type { Hazard } from './hazard';

/** Where something was found. */
export interface Place {
  /** The same thing is logged once for each subject. */
  readonly subject: object;
  /** Stands at the beginning of the log line. */
  readonly name: string;
  readonly about?: { readonly function?: string; readonly instance?: string };
}

/** What is found in the code of an orchestrator is told for each of its instances. */
export function placeOf(instance: { readonly id: string; readonly name: string }): Place {
  const about = { function: instance.name, instance: instance.id };
  return { subject: instance, name: instance.id, about };
}

const told = new WeakMap<object, Set<string>>();

/**
 * The failure to fail with, if strict mode is on and there is one. Everything else is logged, or with
 * `off` let pass.
 */
export function judge(
  hazards: readonly Hazard[],
  place: Place,
  { strict, log }: Pick<EngineOptions, 'strict' | 'log'>,
): Hazard | undefined {
  if (strict === 'off' || hazards.length === 0) return undefined;
  const failure =
    strict === 'on' ? hazards.find(({ severity }) => severity === 'failure') : undefined;
  if (failure !== undefined) {
    log('error', `${place.name}: ${failure.message}`, place.about);
    return failure;
  }
  for (const { message } of hazards) {
    if (isNew(place.subject, message)) log('warning', `${place.name}: ${message}`, place.about);
  }
  return undefined;
}

/** A replay finds again what was found before. */
function isNew(subject: object, message: string): boolean {
  const before = told.get(subject) ?? new Set();
  if (before.has(message)) return false;
  told.set(subject, before.add(message));
  return true;
}

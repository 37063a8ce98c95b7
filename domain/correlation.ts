import { createHash } from 'node:crypto';

import { armGuid } from './arm/guid';

/**
 * Where the work of an instance belongs. All of it follows from the instance's id, so that nobody has to hand it on: an
 * activity, an event and a request know the same ids without having met.
 */
export interface Correlation {
  /** Names the run everywhere: in records and logs, in ARM's activity log, and without its dashes as a trace id. */
  readonly id: string;
  /** Id of the run's own span. */
  readonly runSpanId: string;
  /** Id of the span that the run's own one is a part of; absent where the run begins the trace. */
  readonly causeSpanId?: string;
}

/**
 * Instances are named after what they are part of: `fleet_….run_….2.switch`, `mig_…_….c1`, `evaluate-<event>`. An evaluation
 * that waits for a run is part of what that run does, and all runs of a migration share its id.
 *
 * @param occasion tells uses of one id apart: the sweep is always called `sweep`.
 */
export function correlationOf(instanceId: string, occasion = ''): Correlation {
  const own = runNameOf(instanceId);
  const run = own === 'sweep' ? `sweep-${occasion}` : own;
  const [, event] = /^evaluate-(.+)$/.exec(run) ?? [];
  const root = event?.startsWith('run_') === true ? event : run.replace(/^(mig_[^_]+)_.*$/, '$1');
  const cause = event === undefined ? undefined : spanIdOf(event);
  return {
    id: armGuid('steward', root),
    runSpanId: spanIdOf(run),
    ...(cause !== undefined && { causeSpanId: cause }),
  };
}

/** The id of a run as records know it, from the id of an instance; empty for none. */
export function runIdOf(instanceId: string): string {
  return instanceId.split('.').find((part) => part.startsWith('run_')) ?? '';
}

/** What people call the run of an instance: its id, or the first part of the name. */
export function runNameOf(instanceId: string): string {
  const [first = ''] = instanceId.split('.');
  return runIdOf(instanceId) || first;
}

/** Of the span of what is called so: a run, or the receipt of an event. */
export function spanIdOf(name: string): string {
  return createHash('sha256').update(`steward span ${name}`).digest('hex').slice(0, 16);
}

/** The trace that a correlation id names. */
export function traceIdOf(correlationId: string): string {
  return correlationId.replaceAll('-', '');
}

import type { InvocationContext } from '@azure/functions';
import type { ActivityHandler } from 'durable-functions';

import type { Clients } from '../clients';
import { correlated } from '../clients/correlation';
import { jsonLog } from '../domain/log';
import type { Log } from '../domain/log';
import { FailureError, TransientError, failureOf } from '../domain/outcome';
import type { Outcome } from '../domain/outcome';

/** What an activity may use besides its input. Everything it does to the world goes through `clients`. */
export interface ActivityContext {
  readonly clients: Clients;
  readonly log: Log;
  /** Run that the activity is part of; empty for none. */
  readonly runId: string;
}

/** An effect, and the ARM actions that Steward's identity needs for it. */
export interface Activity<I, O> {
  (input: I, context: ActivityContext): Promise<O>;
  readonly needs: readonly string[];
}

/** Declares an activity. Its ARM actions are the source for the roles that a deployment grants. */
export function defineActivity<I, O>(
  needs: readonly string[],
  run: (input: I, context: ActivityContext) => Promise<O>,
): Activity<I, O> {
  return Object.assign((input: I, context: ActivityContext) => run(input, context), { needs });
}

/** Adapts an activity to the Functions runtime. Throws only what the retry policy should repeat. */
export function toHandler<I, O>(activity: Activity<I, O>, clients: Clients): ActivityHandler {
  return async (input: I, invocation: InvocationContext): Promise<Outcome<O>> => {
    const log = jsonLog(invocation);
    const instanceId = invocation.triggerMetadata?.['instanceId'];
    try {
      const id = typeof instanceId === 'string' ? instanceId : '';
      const work = () => activity(input, { clients, log, runId: runOf(id) });
      const run = id === '' ? work() : correlated(id, work);
      return { ok: true, value: await run };
    } catch (error) {
      if (error instanceof TransientError) throw error;
      if (!(error instanceof FailureError)) invocation.error(error);
      return { ok: false, failure: failureOf(error) };
    }
  };
}

/** Instances of a run are named after it and what started it: `fleet_….run_….2`. */
function runOf(instanceId: string): string {
  return instanceId.split('.').find((part) => part.startsWith('run_')) ?? '';
}

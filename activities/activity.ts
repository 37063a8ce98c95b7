import type { InvocationContext } from '@azure/functions';
import type { ActivityHandler } from 'durable-functions';

import type { Clients } from '../clients';
import { correlated } from '../clients/correlation';
import { correlationOf, runIdOf, runNameOf, traceIdOf } from '../domain/correlation';
import { errorFields, jsonLog, withoutSecrets } from '../domain/log';
import type { Log } from '../domain/log';
import { FailureError, TransientError, failureOf } from '../domain/outcome';
import type { Failure, Outcome } from '../domain/outcome';
import { redact } from '../domain/redaction';
import { timeStep } from '../telemetry/meters';
import { inSpan } from '../telemetry/spans';
import type { Attributes, Noting, SpanOf } from '../telemetry/spans';
import { recordRun } from './run-span';
import type { LastStep } from './run-span';

/** What an activity may use besides its input. Everything it does to the world goes through `clients`. */
export interface ActivityContext {
  readonly clients: Clients;
  readonly log: Log;
  /** Run that the activity is part of; empty for none. */
  readonly runId: string;
  /** Says more about the step, for whoever looks at its span. */
  readonly note: (attributes: Attributes) => void;
  /** The run that the activity is part of has come to its end with it. */
  readonly runEnded: (kind: string, failure?: Failure) => void;
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
  return (input: I, invocation: InvocationContext): Promise<Outcome<O>> => {
    const step = stepOf(input, invocation);
    return inSpan(spanOf(step), async (span) => {
      const runEnded = recordRun(step);
      const context = { clients, log: step.log, runId: step.runId, note: span.note, runEnded };
      const work = () => activity(input, context);
      const { instanceId, correlation } = step;
      return concluded(
        step,
        span,
        instanceId === '' ? work : () => correlated(correlation.id, work),
      );
    });
  };
}

/** One attempt of an activity, and where it belongs. */
interface StepCall extends LastStep {
  /** Name of the activity. */
  readonly name: string;
  readonly runId: string;
  readonly log: Log;
}

function stepOf(input: unknown, invocation: InvocationContext): StepCall {
  const metadata = invocation.triggerMetadata?.['instanceId'];
  const instanceId = typeof metadata === 'string' ? metadata : '';
  const { clusterId, asOf } = (input ?? {}) as { clusterId?: string; asOf?: string };
  const correlation = correlationOf(instanceId, asOf);
  const runId = runIdOf(instanceId);
  const name = invocation.functionName;
  const about = {
    run: runNameOf(instanceId),
    step: name,
    cluster: clusterId,
    correlationId: instanceId === '' ? undefined : correlation.id,
  };
  const log = jsonLog(invocation, { now: () => new Date(), about });
  return { name, instanceId, runId, correlation, clusterId, log, startedAt: Date.now() };
}

const planning = ['storePlan', 'storeMigrationPlan'];

function spanOf({ name, instanceId, correlation, clusterId }: StepCall): SpanOf {
  const { id, runSpanId } = correlation;
  return {
    name: planning.includes(name) ? 'steward.plan' : 'steward.step',
    ...(instanceId !== '' && { place: { traceId: traceIdOf(id), parentSpanId: runSpanId } }),
    attributes: {
      'steward.kind': name,
      'steward.cluster': clusterId,
      'steward.run': runNameOf(instanceId),
      'steward.instance': instanceId,
    },
  };
}

/** How an attempt ends: as a value, as a decided failure, or as something to repeat. */
async function concluded<O>(
  { name, log, startedAt }: StepCall,
  span: Noting,
  work: () => Promise<O>,
): Promise<Outcome<O>> {
  const ended = (outcome: 'ok' | 'failed' | 'retried'): void => {
    const seconds = (Date.now() - startedAt) / 1000;
    timeStep(name, seconds, outcome);
    log.debug('step.ended', { outcome, seconds });
  };
  try {
    const value = await work();
    ended('ok');
    return { ok: true, value };
  } catch (error) {
    if (error instanceof TransientError) {
      ended('retried');
      const message = redact(error.message); // it goes into the history
      throw message === error.message ? error : new TransientError(message);
    }
    if (!(error instanceof FailureError)) log.error('step.broke', errorFields(error));
    const failure = withoutSecrets(failureOf(error));
    span.failed(failure);
    ended('failed');
    return { ok: false, failure };
  }
}

import { runNameOf, traceIdOf } from '../domain/correlation';
import type { Correlation } from '../domain/correlation';
import { timeIn } from '../domain/ids';
import type { Failure } from '../domain/outcome';
import { recordSpan } from '../telemetry/spans';

/** What is known of an activity that a run ends with. */
export interface LastStep {
  readonly instanceId: string;
  readonly correlation: Correlation;
  readonly clusterId: string | undefined;
  readonly startedAt: number;
}

/**
 * Writes down the span of the run that an activity is the end of. Its steps have named it as their parent all along; an
 * activity that is repeated after a crash writes the same span again.
 */
export function recordRun(step: LastStep): (kind: string, failure?: Failure) => void {
  const { correlation, instanceId, clusterId, startedAt } = step;
  const { id, runSpanId, causeSpanId } = correlation;
  return (kind, failure) => {
    if (instanceId === '') return;
    const place = { traceId: traceIdOf(id), spanId: runSpanId };
    const attributes = {
      'steward.kind': kind,
      'steward.run': runNameOf(instanceId),
      'steward.cluster': clusterId,
      'steward.correlation_id': id,
    };
    recordSpan(
      {
        name: 'steward.run',
        place: { ...place, ...(causeSpanId !== undefined && { parentSpanId: causeSpanId }) },
        startTime: Math.min(timeIn(instanceId) ?? startedAt, startedAt),
        attributes,
      },
      failure,
    );
  };
}

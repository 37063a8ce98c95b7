/**
 * What only this process sees, and no store keeps: it is counted here and sent by an exporter, while `GET /api/v1/metrics`
 * tells what is stored.
 */
import { metrics } from '@opentelemetry/api';

import { instrumentation } from './spans';

interface ArmCall {
  /** Resource provider, or the service that is not ARM. */
  readonly service: string;
  /** 0 where nothing answered. */
  readonly status: number;
}

export function countCall({ service, status }: ArmCall): void {
  const { armRequests, armThrottled } = instruments();
  armRequests.add(1, {
    service,
    status_class: status === 0 ? 'none' : `${Math.floor(status / 100)}xx`,
  });
  if (status === 429) armThrottled.add(1, { service });
}

export function countEvent(result: 'accepted' | 'duplicate' | 'ignored' | 'quarantined'): void {
  instruments().events.add(1, { source: 'event-grid', result });
}

export function timeStep(
  kind: string,
  seconds: number,
  outcome: 'ok' | 'failed' | 'retried',
): void {
  instruments().stepDuration.record(seconds, { kind, outcome });
}

let made: ReturnType<typeof makeInstruments> | undefined;

/** Made on first use, when an exporter has been set up, if any. */
function instruments() {
  return (made ??= makeInstruments());
}

function makeInstruments() {
  const meter = metrics.getMeter(instrumentation);
  return {
    armRequests: meter.createCounter('steward.arm.requests', {
      description: 'Requests to Azure Resource Manager, Microsoft Graph and API servers.',
    }),
    armThrottled: meter.createCounter('steward.arm.throttled', {
      description: 'Requests that were answered with 429.',
    }),
    events: meter.createCounter('steward.events', {
      description: 'Cluster events that were delivered.',
    }),
    stepDuration: meter.createHistogram('steward.step.duration', {
      description: 'How long one attempt of an activity took.',
      unit: 's',
    }),
  };
}

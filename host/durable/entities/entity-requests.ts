import { createHash } from 'node:crypto';
import type { Decision } from '../orchestrations/actions';
import type { EntityMessage } from './entity-messages';
import { entityId } from './entity-messages';
import type { Instance } from '../instance';
import { jsonText } from '../sdk/values';

export type EntityDecision = Extract<Decision, { kind: 'call' | 'signal' | 'lock' | 'release' }>;

/** A message for an entity, and the entry of the sender's history. */
export interface EntityRequest {
  readonly to: string;
  readonly message: EntityMessage;
  readonly event: 'op' | 'release';
  /** JSON text; the SDK finds its call again by `id`. */
  readonly body: string;
}

/** What an orchestrator's decision sends to an entity. */
export function entityRequest(instance: Instance, decision: EntityDecision): EntityRequest {
  const parent = { parent: instance.id, parentExecution: instance.executionId };
  switch (decision.kind) {
    case 'release': {
      const { entityId: to, requestId: id } = decision;
      const message = { kind: 'release', id, sender: instance.id } as const;
      return { to, message, event: 'release', body: JSON.stringify({ parent: instance.id, id }) };
    }
    case 'lock': {
      const [first = '', ...then] = decision.lockSet.map(entityId);
      const { requestId: id, lockSet: lockset } = decision;
      const caller = { key: instance.key };
      const message = { kind: 'lock', id, sender: instance.id, caller, then } as const;
      const body = JSON.stringify({ op: null, id, ...parent, lockset });
      return { to: first, message, event: 'op', body };
    }
    case 'call':
    case 'signal':
      return operationRequest(instance, decision, parent);
  }
}

function operationRequest(
  instance: Instance,
  decision: Extract<Decision, { kind: 'call' | 'signal' }>,
  parent: object,
): EntityRequest {
  const { operation, entityId: to } = decision;
  const signal = decision.kind === 'signal';
  const absent = decision.input === undefined || decision.input === null;
  const input = absent ? undefined : jsonText(decision.input);
  const id = requestId(instance.executionId, decision.id);
  const caller = signal ? undefined : { key: instance.key };
  const message = { kind: 'operation', id, operation, input, caller, sender: instance.id } as const;
  const body = { op: operation, ...(signal ? { signal } : {}), input, id, ...parent };
  return { to, message, event: 'op', body: JSON.stringify(body) };
}

/** The same call of the same execution always has the same id, also when a run is repeated. */
function requestId(executionId: string, task: number): string {
  const hex = createHash('sha256').update(`${executionId}:${task}`).digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => hex.slice(index === 0 ? 0 : ends[index - 1], end))
    .join('-');
}

import type { Decision } from '../orchestrations/actions';
import { httpActivity } from '../orchestrations/actions';
import type { EngineOptions } from '../contract';
import { entityRef } from '../entities/entity-messages';
import type { Hazard } from './hazard';
import { failure } from './hazard';

type Registry = Pick<EngineOptions, 'registered'>;

/** Functions that a decision needs and nobody registered: Azure schedules nothing, and the wait never ends. */
export function unknownFunctions(decision: Decision, { registered }: Registry): Hazard[] {
  if (decision.kind === 'activity') {
    const isKnown = decision.name === httpActivity || registered('activity', decision.name);
    return isKnown ? [] : [unknownFunction('activity', decision.name)];
  }
  if (decision.kind === 'child') {
    const isKnown = registered('orchestration', decision.name) !== undefined;
    return isKnown ? [] : [unknownFunction('orchestrator', decision.name)];
  }
  return entityNames(decision)
    .filter((name) => registered('entity', name) === undefined)
    .map((name) => unknownFunction('entity', name));
}

function entityNames(decision: Decision): readonly string[] {
  if (decision.kind === 'lock') return decision.lockSet.map(({ name }) => name);
  return decision.kind === 'call' || decision.kind === 'signal'
    ? [entityRef(decision.entityId).name]
    : [];
}

function unknownFunction(kind: 'activity' | 'orchestrator' | 'entity', name: string): Hazard {
  return failure(
    'UnknownFunction',
    `no ${kind} function '${name}' is registered; on Azure the orchestration waits for it for ever. Register it, or correct the name.`,
  );
}

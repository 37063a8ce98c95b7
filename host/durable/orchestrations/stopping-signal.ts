import type { Decision } from './actions';
import type { EngineOptions } from '../contract';
import { entityRef } from '../entities/entity-messages';
import { unknownFunction } from '../failures';
import type { Sequence } from './sequencer';

/** A signal to an entity that nobody registered: Azure fails there, in the middle of the actions. */
export function stoppingSignal(
  { decisions }: Sequence,
  { registered, names }: Pick<EngineOptions, 'registered' | 'names'>,
): { readonly problem: string; readonly sentBefore: readonly Decision[] } | undefined {
  for (const [index, decision] of decisions.entries()) {
    if (decision.kind !== 'signal') continue;
    const { name } = entityRef(decision.entityId);
    if (registered('entity', name) !== undefined) continue;
    return {
      problem: unknownFunction('entity', name, names('entity')),
      sentBefore: decisions.slice(0, index).filter(({ kind }) => kind === 'signal'),
    };
  }
  return undefined;
}

import { onlyParameter, parametersOf, typed } from './call';
import type { Call, ScalarFunction } from './call';
import { datetimeFromMilliseconds } from './datetime';
import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Evaluation, Scalar } from './scalar';

/** The time is the caller's: the same query over the same rows gives the same answer. */
export const timeFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ['now', now],
  ['ago', ago],
]);

function now(call: Call): Scalar {
  parametersOf(call, 0);
  return { type: 'datetime', evaluate: (evaluation) => currentTime(evaluation, call.at) };
}

function ago(call: Call): Scalar {
  const span = typed(onlyParameter(call), 'timespan');
  return {
    type: 'datetime',
    evaluate: (evaluation) => {
      const ticks = span.evaluate(evaluation);
      return typeof ticks === 'bigint' ? currentTime(evaluation, call.at) - ticks : null;
    },
  };
}

function currentTime({ now: epochMs }: Evaluation, at: Position): bigint {
  if (epochMs !== undefined) return datetimeFromMilliseconds(epochMs);
  throw new KustoError('InvalidQueryLanguage', at, 'The query asks for the time. Run it with one.');
}

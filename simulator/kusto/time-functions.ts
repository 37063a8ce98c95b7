import { onlyParameter, parameterAt, parametersOf, typed } from './call';
import type { Call, ScalarFunction } from './call';
import { datetimeFromMilliseconds, formatDatetime } from './datetime';
import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Evaluation, Scalar } from './scalar';

/** The time is the caller's: the same query over the same rows gives the same answer. */
export const timeFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ['now', now],
  ['ago', ago],
  ['startofday', startOfDay],
  ['datetime_diff', datetimeDiff],
  ['format_datetime', formatted],
]);

const ticksPerDay = 864_000_000_000n;
/** Ticks of the parts that have a fixed length; months, quarters and years are refused. */
const partTicks: ReadonlyMap<unknown, bigint> = new Map([
  ['week', 7n * ticksPerDay],
  ['day', ticksPerDay],
  ['hour', 36_000_000_000n],
  ['minute', 600_000_000n],
  ['second', 10_000_000n],
  ['millisecond', 10_000n],
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

function startOfDay(call: Call): Scalar {
  const source = typed(onlyParameter(call), 'datetime');
  return {
    type: 'datetime',
    evaluate: (evaluation) => {
      const time = source.evaluate(evaluation);
      return typeof time === 'bigint' ? time - floorRest(time, ticksPerDay) : null;
    },
  };
}

/** `datetime_diff('day', later, earlier)`: how many borders of days lie between them. */
function datetimeDiff(call: Call): Scalar {
  const { at, constant } = parameterAt(call, 0, 3);
  const size = partTicks.get(constant);
  if (size === undefined) {
    const known = [...partTicks.keys()].join(', ');
    throw new KustoError('InvalidQueryLanguage', at, `datetime_diff() counts ${known} here.`);
  }
  const later = typed(parameterAt(call, 1, 3), 'datetime');
  const earlier = typed(parameterAt(call, 2, 3), 'datetime');
  const index = (time: bigint): bigint => (time - floorRest(time, size)) / size;
  return {
    type: 'number',
    evaluate: (evaluation) => {
      const [to, from] = [later.evaluate(evaluation), earlier.evaluate(evaluation)];
      return typeof to === 'bigint' && typeof from === 'bigint'
        ? Number(index(to) - index(from))
        : null;
    },
  };
}

/** `format_datetime(time, 'yyyy-MM-dd HH:mm:ss')`: these parts alone. */
function formatted(call: Call): Scalar {
  const source = typed(parameterAt(call, 0, 2), 'datetime');
  const { at, constant } = parameterAt(call, 1, 2);
  if (typeof constant !== 'string' || /[A-Za-z]/.test(constant.replace(parts, ''))) {
    throw new KustoError(
      'InvalidQueryLanguage',
      at,
      'format_datetime() knows yyyy, MM, dd, HH, mm and ss here.',
    );
  }
  return {
    type: 'string',
    evaluate: (evaluation) => {
      const time = source.evaluate(evaluation);
      if (typeof time !== 'bigint') return '';
      const iso = formatDatetime(time);
      return constant.replace(parts, (part) => {
        const [from, to] = places[part] ?? [0, 0];
        return iso.slice(from, to);
      });
    },
  };
}

const parts = /yyyy|MM|dd|HH|mm|ss/g;
/** Where each part stands in an ISO 8601 text. */
const places: Readonly<Record<string, readonly [number, number]>> = {
  yyyy: [0, 4],
  MM: [5, 7],
  dd: [8, 10],
  HH: [11, 13],
  mm: [14, 16],
  ss: [17, 19],
};

function floorRest(time: bigint, size: bigint): bigint {
  const rest = time % size;
  return rest < 0n ? rest + size : rest;
}

function currentTime({ now: epochMs }: Evaluation, at: Position): bigint {
  if (epochMs !== undefined) return datetimeFromMilliseconds(epochMs);
  throw new KustoError('InvalidQueryLanguage', at, 'The query asks for the time. Run it with one.');
}

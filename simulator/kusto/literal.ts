import { parseDatetime, parseTimespan } from './datetime';
import { KustoError } from './kusto-error';
import type { Scalar, ScalarType, Value } from './scalar';
import type { LiteralExpression } from './syntax';

const types: Readonly<Record<LiteralExpression['type'], ScalarType>> = {
  text: 'string',
  number: 'number',
  bool: 'bool',
  datetime: 'datetime',
  timespan: 'timespan',
};

/** @throws KustoError for numbers beyond exact arithmetic and for dates that do not exist. */
export function compileLiteral(literal: LiteralExpression): Scalar {
  const value = valueOf(literal);
  if (value === null || (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
    throw new KustoError(
      'ParserFailure',
      literal.at,
      `'${literal.text}' is not a ${literal.type}. Write one that exists.`,
    );
  }
  const real = literal.type === 'number' && /[.eE]/.test(literal.text);
  return { type: types[literal.type], real, evaluate: () => value };
}

function valueOf({ type, text }: LiteralExpression): Value {
  switch (type) {
    case 'text':
      return text;
    case 'number':
      return Number(text);
    case 'bool':
      return text === 'true';
    case 'datetime':
      return parseDatetime(text.replace(/^datetime\s*\(|\)$/g, ''));
    case 'timespan':
      return parseTimespan(text);
  }
}

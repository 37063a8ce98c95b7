import { KustoError } from './kusto-error';
import { parseExpression } from './parse-expression';
import type { OrderKey } from './syntax';
import type { TokenReader } from './token-reader';

/** Kusto sorts descending unless told otherwise, and takes null for the smallest value. */
export function parseOrderKey(reader: TokenReader): OrderKey {
  const value = parseExpression(reader);
  const direction = reader.accept('name', 'asc') ? 'asc' : 'desc';
  if (direction === 'desc') reader.accept('name', 'desc');
  if (reader.accept('name', 'nulls') === undefined) {
    return { value, direction, nulls: direction === 'asc' ? 'first' : 'last' };
  }
  const first = reader.accept('name', 'first') !== undefined;
  if (!first) reader.expect('name', 'last');
  return { value, direction, nulls: first ? 'first' : 'last' };
}

/** A number of rows. */
export function parseCount(reader: TokenReader): number {
  const { at, text } = reader.expect('number');
  const count = Number(text);
  if (Number.isSafeInteger(count)) return count;
  throw new KustoError(
    'ParserFailure',
    at,
    `'${text}' is not a number of rows. Use a whole number.`,
  );
}

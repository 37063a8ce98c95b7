import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';

/**
 * Kusto's expressions are RE2: without look-around and back references, which JavaScript would accept.
 * `flags` are added to those of the expression.
 */
export function kustoRegExp(
  source: string,
  { at, user, flags = '' }: { at: Position; user: string; flags?: string },
): RegExp {
  const [, flag = '', body = ''] = /^(?:\(\?(i)\))?([^]*)$/.exec(source) ?? [];
  if (/\(\?(?!:)|\\[1-9k]/.test(body)) {
    throw new KustoError(
      'InvalidQueryLanguage',
      at,
      `The regular expression of ${user} uses look-around, named groups or back references. Use plain groups.`,
    );
  }
  try {
    return new RegExp(body, `u${flag}${flags}`);
  } catch {
    // RegExp only tells that the expression is wrong, in words about JavaScript.
    throw new KustoError(
      'InvalidQueryLanguage',
      at,
      `'${source}' is not a regular expression. Check its brackets and escapes.`,
    );
  }
}

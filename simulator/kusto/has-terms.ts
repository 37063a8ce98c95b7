import { hasTerm } from './compare-text';
import { implicitly, toText } from './convert';
import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Scalar } from './scalar';
import type { LiteralExpression } from './syntax';

/** `subject has_any (terms)`, without regard to case. */
export function compileHasTerms({
  at,
  operator,
  subject,
  terms,
}: {
  readonly at: Position;
  readonly operator: 'has_any' | 'has_all';
  readonly subject: Scalar;
  readonly terms: readonly LiteralExpression[];
}): Scalar {
  const text = implicitly(subject, 'string');
  if (text === undefined || terms.some(({ type }) => type !== 'text')) {
    throw new KustoError(
      'TypeMismatch',
      at,
      `'${operator}' looks for texts in a text. Use tostring() and quote the terms.`,
    );
  }
  const wanted = terms.map((term) => term.text.toLowerCase());
  return {
    type: 'bool',
    evaluate: (evaluation) => {
      const found = toText(text.evaluate(evaluation), 'string').toLowerCase();
      return operator === 'has_any'
        ? wanted.some((term) => hasTerm(found, term))
        : wanted.every((term) => hasTerm(found, term));
    },
  };
}

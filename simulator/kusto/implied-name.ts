import { KustoError } from './kusto-error';
import type { Expression } from './syntax';

/** Conversions keep the name of what they convert. */
const transparent = new Set([
  'tostring',
  'tobool',
  'toint',
  'tolong',
  'todouble',
  'toreal',
  'todatetime',
  'totimespan',
  'bin',
]);

/** The name Kusto gives a column without one; undefined where it would number the column. */
export function impliedName(expression: Expression): string | undefined {
  if (expression.kind === 'column') return expression.name;
  if (expression.kind === 'call' && transparent.has(expression.name)) {
    const [source] = expression.parameters;
    return source === undefined ? undefined : impliedName(source);
  }
  if (expression.kind !== 'member' || !/^\w+$/.test(String(expression.key))) return undefined;
  const source = impliedName(expression.source);
  return source === undefined ? undefined : `${source}_${expression.key}`;
}

/** @throws KustoError where a person would not know the name either. */
export function nameOf(expression: Expression): string {
  const name = impliedName(expression);
  if (name !== undefined) return name;
  throw new KustoError(
    'InvalidQueryLanguage',
    expression.at,
    'The column has no name. Write name = expression.',
  );
}

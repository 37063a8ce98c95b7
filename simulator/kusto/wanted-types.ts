import type { Expression, Query } from './syntax';

/** Operators that only let texts of a list through, whatever their case. */
const narrowing = new Set(['==', '=~', 'in', 'in~']);

/**
 * The lower-cased resource types that a query's first conditions let through, so that its table need not give others;
 * undefined when they let any through. The conditions themselves are evaluated nevertheless.
 */
export function wantedTypes({ stages }: Query): readonly string[] | undefined {
  for (const stage of stages) {
    if (stage.kind !== 'where') return undefined;
    const found = typesIn(stage.predicate);
    if (found) return found;
  }
  return undefined;
}

function typesIn(predicate: Expression): readonly string[] | undefined {
  if (predicate.kind === 'logical' && predicate.operator === 'and') {
    return predicate.operands.map(typesIn).find((found) => found !== undefined);
  }
  if (predicate.kind === 'comparison') {
    const isWanted = isType(predicate.left) && narrowing.has(predicate.operator);
    return isWanted ? textsOf([predicate.right]) : undefined;
  }
  if (predicate.kind !== 'in') return undefined;
  const isWanted = isType(predicate.subject) && narrowing.has(predicate.operator);
  return isWanted ? textsOf(predicate.list) : undefined;
}

function isType(expression: Expression): boolean {
  return expression.kind === 'column' && expression.name === 'type';
}

function textsOf(list: readonly Expression[]): readonly string[] | undefined {
  const texts = list.flatMap((item) =>
    item.kind === 'literal' && item.type === 'text' ? [item.text.toLowerCase()] : [],
  );
  return texts.length === list.length ? texts : undefined;
}

import { columnTypes } from './column-types';
import { compileExpression } from './compile-expression';
import { implicitly, toDatetime, toNumber, toText } from './convert';
import { KustoError } from './kusto-error';
import { storedColumn, storedColumns, storedRow } from './plan';
import type { Plan, Step } from './plan';
import type { Scalar, ScalarType, Value } from './scalar';
import type { ParseStage } from './syntax';

const convert: Readonly<Partial<Record<ScalarType, (value: Value) => Value>>> = {
  number: toNumber,
  datetime: toDatetime,
};

/** `parse subject with …`: what stands between the texts; nothing of it when the pattern does not fit. */
export function compileParse(stage: ParseStage, plan: Plan): Plan {
  const subject = implicitly(compileExpression(stage.subject, plan.columns), 'string');
  if (subject === undefined) {
    throw new KustoError('TypeMismatch', stage.at, 'parse reads a text. Cast it with tostring().');
  }
  const pattern = new RegExp(`^${stage.pattern.map(sourceOf).join('')}$`, 'u');
  const parts = stage.pattern.flatMap((part) => (part.kind === 'column' ? [part] : []));
  const made = parts.map(({ name, type }): [string, Scalar] => {
    const found = columnTypes.get(type);
    if (found !== undefined) return [name, storedColumn(name, found)];
    throw new KustoError(
      'ParserFailure',
      stage.at,
      `There is no type ${type}. Use string or long.`,
    );
  });
  const step: Step = function* (rows, { now }) {
    for (const row of rows) {
      const [, ...groups] = pattern.exec(toText(subject.evaluate(row), 'string')) ?? [];
      const values = groups.map((text, index): [string, Value] => {
        const [name, { type }] = made[index] ?? ['', { type: 'string' }];
        return [name, convert[type]?.(text) ?? text];
      });
      const base = Object.entries(storedRow(plan.columns, row));
      yield { row: Object.fromEntries([...base, ...values]), now };
    }
  };
  return {
    ...plan,
    columns: new Map([...storedColumns(plan.columns), ...made]),
    steps: [...plan.steps, step],
  };
}

function sourceOf(part: ParseStage['pattern'][number]): string {
  if (part.kind === 'text') return part.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return part.kind === 'skip' ? '[^]*?' : '([^]*?)';
}

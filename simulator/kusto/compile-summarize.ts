import { aggregates } from './aggregates';
import type { Accumulator, Aggregate } from './aggregates';
import { compileArgument } from './argument-of-extreme';
import { compileColumns, compileGroups } from './compile-columns';
import { compileExpression } from './compile-expression';
import type { Columns } from './compile-expression';
import { impliedName } from './implied-name';
import { KustoError } from './kusto-error';
import { keyOf, storedColumn, storedColumns } from './plan';
import type { Plan, Step } from './plan';
import type { Row, Scalar, Value } from './scalar';
import type { CallExpression, Expression, NamedExpression, SummarizeStage } from './syntax';

/** Aggregates by the hidden columns that hold their values, and what the answer computes from those. */
interface Gathered {
  readonly aggregates: Map<string, Aggregate>;
  readonly answers: NamedExpression[];
}

/** `summarize`: groups come in the order in which their first rows come. */
export function compileSummarize(stage: SummarizeStage, plan: Plan): Plan {
  const groups = compileGroups(stage.by, plan.columns);
  const gathered: Gathered = { aggregates: new Map(), answers: [] };
  for (const aggregate of stage.aggregates) gather(aggregate, plan.columns, gathered);

  const hidden: Columns = new Map(
    Array.from(gathered.aggregates, ([name, one]) => [name, storedColumn(name, one)]),
  );
  const columns = new Map([...storedColumns(groups), ...compileColumns(gathered.answers, hidden)]);
  const step = grouped(groups, gathered.aggregates);
  return { ...plan, columns, steps: [...plan.steps, step] };
}

function grouped(groups: Columns, hidden: Gathered['aggregates']): Step {
  return function* (rows, { now }) {
    const found = new Map<string, { values: Value[]; accumulators: Accumulator[] }>();
    const open = (values: Value[]) => ({
      values,
      accumulators: Array.from(hidden.values(), (aggregate) => aggregate.start()),
    });
    if (groups.size === 0) found.set('', open([]));
    for (const row of rows) {
      const values = Array.from(groups.values(), ({ evaluate }) => evaluate(row));
      const key = keyOf(values);
      const group = found.get(key) ?? open(values);
      found.set(key, group);
      for (const accumulator of group.accumulators) accumulator.add(row);
    }
    for (const { values, accumulators } of found.values()) {
      const results = accumulators.map((accumulator) => accumulator.result());
      yield { row: named([...groups.keys(), ...hidden.keys()], [...values, ...results]), now };
    }
  };
}

function named(names: readonly string[], values: readonly Value[]): Row {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
}

function gather(
  { name, value }: SummarizeStage['aggregates'][number],
  columns: Columns,
  gathered: Gathered,
): void {
  const { at } = value;
  if (value.kind === 'call' && (value.name === 'arg_max' || value.name === 'arg_min')) {
    for (const { name: column, aggregate } of compileArgument(value, name, columns)) {
      const key = hide(aggregate, gathered);
      gathered.answers.push({ name: column, at, value: { kind: 'column', at, name: key } });
    }
    return;
  }
  const rest = withoutAggregates(value, columns, gathered);
  gathered.answers.push({ name: name ?? nameFor(value), at, value: rest });
}

/** The expression with a hidden column in the place of each aggregate. */
function withoutAggregates(
  expression: Expression,
  columns: Columns,
  gathered: Gathered,
): Expression {
  const inner = (one: Expression): Expression => withoutAggregates(one, columns, gathered);
  if (expression.kind === 'call') {
    return withoutCall(expression, inner, (call) =>
      hide(compileAggregate(call, columns), gathered),
    );
  }
  if (expression.kind === 'arithmetic' || expression.kind === 'comparison') {
    return { ...expression, left: inner(expression.left), right: inner(expression.right) };
  }
  return expression.kind === 'member'
    ? { ...expression, source: inner(expression.source) }
    : expression;
}

function withoutCall(
  call: CallExpression,
  inner: (one: Expression) => Expression,
  hideCall: (one: CallExpression) => string,
): Expression {
  return aggregates.has(call.name)
    ? { kind: 'column', at: call.at, name: hideCall(call) }
    : { ...call, parameters: call.parameters.map(inner) };
}

function hide(aggregate: Aggregate, { aggregates: all }: Gathered): string {
  const name = `$aggregate${all.size}`;
  all.set(name, aggregate);
  return name;
}

function compileAggregate({ at, name, parameters }: CallExpression, columns: Columns): Aggregate {
  const definition = aggregates.get(name);
  if (definition === undefined) throw new Error(`${name}() is no aggregate.`);
  const scalars = parameters.map((parameter): Scalar => compileExpression(parameter, columns));
  return definition.compile({ at, name, parameters: scalars });
}

/** `count_`, `dcount_name`: what Kusto calls the column. */
function nameFor(expression: Expression): string {
  const name = expression.kind === 'call' ? nameOfCall(expression) : undefined;
  if (name !== undefined) return name;
  throw new KustoError(
    'InvalidQueryLanguage',
    expression.at,
    'The column has no name. Write name = expression.',
  );
}

function nameOfCall({ name, parameters: [source] }: CallExpression): string | undefined {
  if (name === 'bin') return source && nameFor(source);
  const prefix = aggregates.get(name)?.prefix;
  if (prefix === undefined || source === undefined) return prefix;
  return `${prefix}${impliedName(source) ?? ''}`;
}

import type { Expression, OrderKey, Query, Stage } from '../../../simulator/kusto/syntax';

type Printers<T extends { kind: string }> = {
  readonly [K in T['kind']]: (node: T & { readonly kind: K }) => string;
};

/** Writes a query so that the parser reads the same one again: every operand that may need it is in parentheses. */
export function printQuery({ table, stages }: Query): string {
  return [table, ...stages.map(printStage)].join('\n| ');
}

const named = ({ columns }: Stage & { kind: 'extend' | 'project' }): string =>
  columns.map(({ name, value }) => `${name} = ${print(value)}`).join(', ');
const patterns = ({ names }: Stage & { kind: 'project-away' | 'project-keep' }): string =>
  names.map(({ pattern }) => pattern).join(', ');
const key = ({ value, direction, nulls }: OrderKey): string =>
  `${print(value)} ${direction} nulls ${nulls}`;

const stages: Printers<Stage> = {
  where: ({ predicate }) => `where ${print(predicate)}`,
  extend: (stage) => `extend ${named(stage)}`,
  project: (stage) => `project ${named(stage)}`,
  'project-rename': ({ columns }) =>
    `project-rename ${columns.map(({ name, value }) => `${name} = ${print(value)}`).join(', ')}`,
  distinct: ({ columns }) =>
    `distinct ${columns.map(({ name, value }) => `${name} = ${print(value)}`).join(', ')}`,
  'distinct-all': () => 'distinct *',
  count: () => 'count',
  'project-away': (stage) => `project-away ${patterns(stage)}`,
  'project-keep': (stage) => `project-keep ${patterns(stage)}`,
  order: ({ keys }) => `order by ${keys.map(key).join(', ')}`,
  take: ({ count }) => `take ${count}`,
  top: (stage) => `top ${stage.count} by ${key(stage.key)}`,
  summarize: ({ aggregates, by }) => {
    const groups = by.map(({ name, value }) => `${name} = ${print(value)}`);
    const values = aggregates.map(
      ({ name, value }) => `${name === undefined ? '' : `${name} = `}${print(value)}`,
    );
    return `summarize ${values.join(', ')}${groups.length > 0 ? ` by ${groups.join(', ')}` : ''}`;
  },
  'mv-expand': ({ items, limit, indexName }) => {
    const printed = items.map(
      ({ name, value, type }) =>
        `${name} = ${print(value)}${type === undefined ? '' : ` to typeof(${type})`}`,
    );
    const index = indexName === undefined ? '' : `with_itemindex=${indexName} `;
    return `mv-expand ${index}${printed.join(', ')}${limit === undefined ? '' : ` limit ${limit}`}`;
  },
  join: ({ flavor, right, on }) =>
    `join kind=${flavor} (${printQuery(right)}) on ${on
      .map((one) => `$left.${one.left} == $right.${one.right}`)
      .join(', ')}`,
  union: ({ others, inner, sourceName }) =>
    `union kind=${inner ? 'inner' : 'outer'}${
      sourceName === undefined ? '' : ` withsource=${sourceName}`
    } ${others.map((other) => `(${printQuery(other)})`).join(', ')}`,
  parse: ({ subject, pattern }) =>
    `parse ${print(subject)} with ${pattern
      .map((part) =>
        part.kind === 'text'
          ? printText(part.text)
          : part.kind === 'skip'
            ? '*'
            : `${part.name}:${part.type}`,
      )
      .join(' ')}`,
};

const expressions: Printers<Expression> = {
  literal: ({ type, text }) => (type === 'text' ? printText(text) : text),
  constant: ({ value }) => `dynamic(${JSON.stringify(value)})`,
  column: ({ name }) => name,
  member: ({ source, key: name }) =>
    `(${print(source)})[${typeof name === 'number' ? name : printText(name)}]`,
  index: ({ source, key: name }) => `(${print(source)})[(${print(name)})]`,
  call: ({ name, parameters }) => `${name}(${parameters.map(print).join(', ')})`,
  comparison: ({ left, operator, right }) => `(${print(left)}) ${operator} (${print(right)})`,
  arithmetic: ({ left, operator, right }) => `((${print(left)}) ${operator} (${print(right)}))`,
  between: ({ subject, negated, low, high }) =>
    `(${print(subject)}) ${negated ? '!' : ''}between ((${print(low)}) .. (${print(high)}))`,
  in: ({ subject, operator, list }) =>
    `(${print(subject)}) ${operator} (${list.map((item) => `(${print(item)})`).join(', ')})`,
  logical: ({ operands, operator }) =>
    operands.map((operand) => `(${print(operand)})`).join(` ${operator} `),
  star: () => '*',
};

// The tables have the right function for each kind; TypeScript cannot relate the two by itself.
function printStage(stage: Stage): string {
  return (stages[stage.kind] as (one: Stage) => string)(stage);
}

function print(expression: Expression): string {
  return (expressions[expression.kind] as (one: Expression) => string)(expression);
}

function printText(text: string): string {
  return `@'${text.replaceAll("'", "''")}'`;
}

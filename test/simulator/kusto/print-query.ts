import type { Expression, Query, Stage } from '../../../simulator/kusto/syntax';

/** Writes a query so that the parser reads the same one again: every operand that may need it is in parentheses. */
export function printQuery({ table, stages }: Query): string {
  return [table, ...stages.map(printStage)].join('\n| ');
}

function printStage(stage: Stage): string {
  switch (stage.kind) {
    case 'where':
      return `where ${print(stage.predicate)}`;
    case 'extend':
    case 'project':
      return `${stage.kind} ${stage.columns.map(({ name, value }) => `${name} = ${print(value)}`).join(', ')}`;
    case 'order':
      return `order by ${stage.keys
        .map(({ value, direction, nulls }) => `${print(value)} ${direction} nulls ${nulls}`)
        .join(', ')}`;
    case 'take':
      return `take ${stage.count}`;
  }
}

function print(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return expression.type === 'text' ? printText(expression.text) : expression.text;
    case 'column':
      return expression.name;
    case 'member':
      return `(${print(expression.source)})[${
        typeof expression.key === 'number' ? expression.key : printText(expression.key)
      }]`;
    case 'call':
      return `${expression.name}(${expression.parameters.map(print).join(', ')})`;
    case 'comparison':
      return `(${print(expression.left)}) ${expression.operator} (${print(expression.right)})`;
    case 'in':
      return `(${print(expression.subject)}) ${expression.operator} (${expression.list
        .map((item) => `(${print(item)})`)
        .join(', ')})`;
    case 'logical':
      return expression.operands
        .map((operand) => `(${print(operand)})`)
        .join(` ${expression.operator} `);
  }
}

function printText(text: string): string {
  return `@'${text.replaceAll("'", "''")}'`;
}

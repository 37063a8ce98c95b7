import type { Position } from './kusto-error';

/** `and`/`or` hold all operands of a chain, so that long chains do not nest. */
export type Expression =
  | LiteralExpression
  | { readonly kind: 'column'; readonly at: Position; readonly name: string }
  | {
      readonly kind: 'member';
      readonly at: Position;
      readonly source: Expression;
      readonly key: string | number;
    }
  | {
      readonly kind: 'call';
      readonly at: Position;
      readonly name: string;
      readonly parameters: readonly Expression[];
    }
  | {
      readonly kind: 'comparison';
      readonly at: Position;
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'in';
      readonly at: Position;
      readonly operator: InOperator;
      readonly subject: Expression;
      readonly list: readonly Expression[];
    }
  | {
      readonly kind: 'logical';
      readonly at: Position;
      readonly operator: 'and' | 'or';
      readonly operands: readonly Expression[];
    };

/** `text` is the decoded text, or the spelling of the literal. */
export interface LiteralExpression {
  readonly kind: 'literal';
  readonly at: Position;
  readonly type: 'text' | 'number' | 'bool' | 'datetime' | 'timespan';
  readonly text: string;
}

export type InOperator = 'in' | 'in~' | '!in' | '!in~';

export type Stage =
  | { readonly kind: 'where'; readonly at: Position; readonly predicate: Expression }
  | {
      readonly kind: 'extend' | 'project';
      readonly at: Position;
      readonly columns: readonly NamedExpression[];
    }
  | { readonly kind: 'order'; readonly at: Position; readonly keys: readonly OrderKey[] }
  | { readonly kind: 'take'; readonly at: Position; readonly count: number };

export interface NamedExpression {
  readonly name: string;
  readonly at: Position;
  readonly value: Expression;
}

export interface OrderKey {
  readonly value: Expression;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

export interface Query {
  readonly table: string;
  readonly at: Position;
  readonly stages: readonly Stage[];
}

import type { Json } from '../json';
import type { Position } from './kusto-error';

interface At {
  readonly at: Position;
}

/** `and`/`or` hold all operands of a chain, so that long chains do not nest. */
export type Expression =
  | LiteralExpression
  | (At & { readonly kind: 'constant'; readonly value: Json })
  | (At & { readonly kind: 'column'; readonly name: string })
  | (At & {
      readonly kind: 'member';
      readonly source: Expression;
      readonly key: string | number;
    })
  | (At & { readonly kind: 'index'; readonly source: Expression; readonly key: Expression })
  | CallExpression
  | (At & {
      readonly kind: 'comparison' | 'arithmetic';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (At & {
      readonly kind: 'between';
      readonly negated: boolean;
      readonly subject: Expression;
      readonly low: Expression;
      readonly high: Expression;
    })
  | (At & {
      readonly kind: 'in';
      readonly operator: InOperator;
      readonly subject: Expression;
      readonly list: readonly Expression[];
    })
  | (At & {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or';
      readonly operands: readonly Expression[];
    })
  /** All columns, as the last argument of `arg_max` and `arg_min`. */
  | (At & { readonly kind: 'star' });

export interface CallExpression extends At {
  readonly kind: 'call';
  readonly name: string;
  readonly parameters: readonly Expression[];
}

/** `text` is the decoded text, or the spelling of the literal. */
export interface LiteralExpression extends At {
  readonly kind: 'literal';
  readonly type: 'text' | 'number' | 'bool' | 'datetime' | 'timespan';
  readonly text: string;
}

export type InOperator = 'in' | 'in~' | '!in' | '!in~' | 'has_any' | 'has_all';

export type Stage =
  | (At & { readonly kind: 'where'; readonly predicate: Expression })
  | (At & {
      readonly kind: 'extend' | 'project' | 'project-rename' | 'distinct';
      readonly columns: readonly NamedExpression[];
    })
  | (At & { readonly kind: 'distinct-all' | 'count' })
  | (At & {
      readonly kind: 'project-away' | 'project-keep';
      /** Names, or patterns with `*`. */
      readonly names: readonly { readonly at: Position; readonly pattern: string }[];
    })
  | (At & { readonly kind: 'order'; readonly keys: readonly OrderKey[] })
  | (At & { readonly kind: 'take'; readonly count: number })
  | (At & { readonly kind: 'top'; readonly count: number; readonly key: OrderKey })
  | SummarizeStage
  | ExpandStage
  | JoinStage
  | UnionStage
  | ParseStage;

export interface SummarizeStage extends At {
  readonly kind: 'summarize';
  /** The name is undefined where Kusto makes one from the call. */
  readonly aggregates: readonly { readonly name: string | undefined; readonly value: Expression }[];
  readonly by: readonly NamedExpression[];
}

export interface ExpandStage extends At {
  readonly kind: 'mv-expand';
  readonly items: readonly (NamedExpression & { readonly type: string | undefined })[];
  readonly limit: number | undefined;
  readonly indexName: string | undefined;
}

export const joinFlavors = ['innerunique', 'inner', 'leftouter', 'fullouter'] as const;
export type JoinFlavor = (typeof joinFlavors)[number];

export interface JoinStage extends At {
  readonly kind: 'join';
  readonly flavor: JoinFlavor;
  readonly right: Query;
  readonly on: readonly { readonly at: Position; readonly left: string; readonly right: string }[];
}

export interface UnionStage extends At {
  readonly kind: 'union';
  readonly others: readonly Query[];
  readonly inner: boolean;
  readonly sourceName: string | undefined;
}

/** `parse subject with 'text' name:type *`: texts that must be there, and the columns between them. */
export interface ParseStage extends At {
  readonly kind: 'parse';
  readonly subject: Expression;
  readonly pattern: readonly (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'skip' }
    | { readonly kind: 'column'; readonly name: string; readonly type: string }
  )[];
}

export interface NamedExpression extends At {
  readonly name: string;
  readonly value: Expression;
}

export interface OrderKey {
  readonly value: Expression;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

export interface Query extends At {
  readonly table: string;
  readonly stages: readonly Stage[];
}

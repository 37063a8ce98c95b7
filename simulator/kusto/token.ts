import type { Position } from './kusto-error';

export type TokenKind =
  'name' | 'text' | 'number' | 'timespan' | 'datetime' | 'symbol' | 'operator' | 'end';

/** `text` is the decoded value of a text literal and the spelling of everything else. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: Position;
}

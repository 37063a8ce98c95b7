import { KustoError } from './kusto-error';
import type { Token, TokenKind } from './token';

/** Deeper nesting than any query a person writes; it keeps the recursive descent off the stack's end. */
const deepestNesting = 60;

/** A cursor over the tokens of a query, with the few questions a recursive descent asks. */
export class TokenReader {
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get next(): Token {
    return this.peek(0);
  }

  /** The token `ahead` of the next one; beyond the end, the end. */
  peek(ahead: number): Token {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new Error('A token list ends with an end token.');
    return token;
  }

  take(): Token {
    const token = this.next;
    this.index += 1;
    return token;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.next.kind === kind && (text === undefined || this.next.text === text);
  }

  /** Takes the next token if it is that one. */
  accept(kind: TokenKind, text?: string): Token | undefined {
    return this.is(kind, text) ? this.take() : undefined;
  }

  expect(kind: TokenKind, text?: string): Token {
    const expected = kind === 'end' ? 'the end of the query' : `a ${kind}`;
    return this.accept(kind, text) ?? this.fail(text === undefined ? expected : `'${text}'`);
  }

  /** Items separated by commas, at least one. */
  list<T>(read: () => T): T[] {
    const items = [read()];
    while (this.accept('symbol', ',') !== undefined) items.push(read());
    return items;
  }

  /** Reads one level deeper. @throws KustoError when the query nests absurdly deep. */
  nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > deepestNesting) {
      throw new KustoError(
        'ParserFailure',
        this.next.at,
        `The query nests deeper than ${deepestNesting} levels. Use fewer parentheses.`,
      );
    }
    const result = read();
    this.depth -= 1;
    return result;
  }

  fail(expected: string): never {
    const { at, text } = this.next;
    throw new KustoError('ParserFailure', at, `Expected ${expected}, found '${text}'.`);
  }
}

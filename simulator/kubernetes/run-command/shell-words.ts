/** A piece of a word: text, or a script whose output takes its place. */
export type Piece = string | { readonly outputOf: Script };
export type Word = readonly Piece[];

/** One pipeline of a script: its commands, each with its words. */
export interface Part {
  /** `&&`: it runs only when what ran before did well. */
  readonly onSuccess: boolean;
  readonly commands: readonly (readonly Word[])[];
}

export type Script = readonly Part[];

/** Thrown for a script that the simulated shell cannot read. */
export class ScriptError extends Error {}

interface Reading {
  readonly text: string;
  place: number;
}

/**
 * Reads a script of commands joined by `|`, `&&` and `;`, with words in single and double quotes, and `$(…)` in double
 * ones. There are no variables, redirections or loops.
 *
 * @throws ScriptError
 */
export function readScript(text: string): Script {
  return scriptOf(tokensAt({ text, place: 0 }, undefined));
}

type Token = Word | '|' | '&&' | ';';

function scriptOf(tokens: readonly Token[]): Script {
  const parts = [{ onSuccess: false, commands: [[]] as Word[][] }];
  for (const token of tokens) {
    if (token === ';' || token === '&&')
      parts.push({ onSuccess: token === '&&', commands: [[]] as Word[][] });
    else if (token === '|') parts.at(-1)?.commands.push([]);
    else parts.at(-1)?.commands.at(-1)?.push(token);
  }
  return parts.filter(({ commands }) => commands.some((words) => words.length > 0));
}

const operators: Readonly<Record<string, Token>> = { '|': '|', '&&': '&&', ';': ';', '\n': ';' };

/** Everything up to what closes it: the end of the text, or a bracket. */
function tokensAt(reading: Reading, closing: ')' | undefined): readonly Token[] {
  const tokens: Token[] = [];
  let word: Piece[] | undefined;
  const end = (): void => {
    if (word) tokens.push(word);
    word = undefined;
  };
  for (let one = next(reading); one !== closing; one = next(reading)) {
    if (one === undefined) throw new ScriptError('a bracket is not closed');
    const operator = operators[one];
    if (operator === undefined && !/^\s$/.test(one)) {
      (word ??= []).push(...piecesOf(one, reading));
      continue;
    }
    end();
    if (operator !== undefined) tokens.push(operator);
  }
  end();
  return tokens;
}

/** The next character, or those that mean something together. */
function next(reading: Reading): string | undefined {
  const pattern = /&&|\|\||\$\(|\\[\s\S]|[\s\S]/y;
  pattern.lastIndex = reading.place;
  const [found] = pattern.exec(reading.text) ?? [];
  reading.place += found?.length ?? 0;
  return found;
}

function piecesOf(one: string, reading: Reading): readonly Piece[] {
  if (one === "'") return [singleQuoted(reading)];
  if (one === '"') return doubleQuoted(reading);
  if (one.startsWith('\\')) return one === '\\\n' ? [] : [one.slice(1)];
  if (/^(?:\|\||[$`<>&()])/.test(one)) throw unknown(one);
  return [one];
}

function singleQuoted(reading: Reading): string {
  const { text, place } = reading;
  const end = text.indexOf("'", place);
  if (end < 0) throw new ScriptError('a quote is not closed');
  reading.place = end + 1;
  return text.slice(place, end);
}

function doubleQuoted(reading: Reading): readonly Piece[] {
  const pieces: Piece[] = [''];
  for (let one = next(reading); one !== '"'; one = next(reading)) {
    if (one === undefined) throw new ScriptError('a quote is not closed');
    if (one === '$' || one === '`') throw unknown(one);
    if (one === '$(') pieces.push({ outputOf: scriptOf(tokensAt(reading, ')')) });
    else pieces.push(/^\\["\\$`]$/.test(one) ? one.slice(1) : one);
  }
  return pieces;
}

function unknown(what: string): ScriptError {
  return new ScriptError(`the simulated shell does not know "${what}" here`);
}

/** Commands of a pipeline, each with its words; one pipeline for each part of a script that runs if the one before did well. */
export type Script = readonly (readonly (readonly string[])[])[];

interface Reading {
  readonly words: string[];
  word: string | undefined;
  quote: string;
}

/**
 * Reads a script of commands joined by `|` and `&&`, with words in single and double quotes. There are no variables,
 * redirections or loops.
 */
export function readScript(text: string): Script {
  return split(tokens(text), '&&').map((part) => split(part, '|'));
}

function split(words: readonly string[], separator: string): readonly (readonly string[])[] {
  return words.reduce<string[][]>(
    (parts, word) => {
      if (word === `\0${separator}`) parts.push([]);
      else parts.at(-1)?.push(word);
      return parts;
    },
    [[]],
  );
}

/** Words in order; an operator has a zero byte before it, so that no quoted word is taken for one. */
function tokens(text: string): readonly string[] {
  const state: Reading = { words: [], word: undefined, quote: '' };
  const end = (): void => {
    if (state.word !== undefined) state.words.push(state.word);
    state.word = undefined;
  };
  for (const [character] of text.matchAll(/&&|\\[\s\S]|[\s\S]/g)) {
    if (state.quote !== '') quoted(state, character);
    else if (character === '"' || character === "'") {
      state.quote = character;
      state.word ??= '';
    } else if (/^\s$/.test(character)) end();
    else if (character === '|' || character === '&&') {
      end();
      state.words.push(`\0${character}`);
    } else state.word = (state.word ?? '') + character.replace(/^\\/, '');
  }
  end();
  return state.words;
}

function quoted(state: Reading, character: string): void {
  if (character === state.quote) state.quote = '';
  else if (state.quote === "'" || !character.startsWith('\\'))
    state.word = (state.word ?? '') + character;
  else
    state.word =
      (state.word ?? '') + (/^\\["\\$`]$/.test(character) ? character.slice(1) : character);
}

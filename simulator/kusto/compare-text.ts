type TextTest = (text: string, part: string) => boolean;

const tests: Readonly<Record<string, TextTest>> = {
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
  has: hasTerm,
  hasprefix: (text, part) => hasTerm(text, part, { atEnd: false }),
  hassuffix: (text, part) => hasTerm(text, part, { atStart: false }),
};

/**
 * The operators that compare texts. Words ignore case unless they end in `_cs`; `!` negates. Texts are
 * never null, so neither are the answers.
 */
export const textComparisons: ReadonlyMap<string, TextTest> = new Map([
  ['=~', ignoringCase((left, right) => left === right)],
  ['!~', ignoringCase((left, right) => left !== right)],
  ...Object.entries(tests).flatMap(([word, test]): [string, TextTest][] => [
    [word, ignoringCase(test)],
    [`!${word}`, not(ignoringCase(test))],
    [`${word}_cs`, test],
    [`!${word}_cs`, not(test)],
  ]),
]);

function ignoringCase(test: TextTest): TextTest {
  return (text, part) => test(text.toLowerCase(), part.toLowerCase());
}

function not(test: TextTest): TextTest {
  return (text, part) => !test(text, part);
}

/** Kusto's `has`: the part stands between characters that are neither letters nor digits. */
export function hasTerm(
  text: string,
  part: string,
  { atStart = true, atEnd = true } = {},
): boolean {
  for (let start = text.indexOf(part); start !== -1; start = text.indexOf(part, start + 1)) {
    const end = start + part.length;
    const begins = !atStart || isBoundary(text, start);
    if (begins && (!atEnd || isBoundary(text, end))) return true;
    if (start >= text.length) return false;
  }
  return false;
}

function isBoundary(text: string, index: number): boolean {
  const isTermCharacter = (character = '') => /[\p{L}\p{N}]/u.test(character);
  return !(isTermCharacter(text[index - 1]) && isTermCharacter(text[index]));
}

import type { Json, JsonObject } from '../../json';

/** A cell in quotes, in which quotes are doubled, or one without. */
const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;

/** The rows of the portal's CSV: a header, and cells that hold JSON where the column is dynamic. */
export function parseCsv(text: string): readonly JsonObject[] {
  const [header = [], ...lines] = linesOf(text.replace(/^\uFEFF/, ''));
  return lines.map((cells) =>
    Object.fromEntries(
      header.map((name, index) => [
        name.toLowerCase() === 'id' ? 'id' : name,
        valueOf(cells[index] ?? ''),
      ]),
    ),
  );
}

function linesOf(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  cell.lastIndex = 0;
  while (cell.lastIndex < text.length) {
    const [, quoted, plain = '', end = ''] = cell.exec(text) ?? [];
    line.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    lines.push(line);
    line = [];
    if (cell.lastIndex === 0) break; // a stray quote: nothing after it can be told apart
  }
  return lines;
}

function valueOf(text: string): Json {
  if (text === '' || text === 'null') return null;
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

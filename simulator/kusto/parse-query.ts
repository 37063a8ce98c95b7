import { KustoError } from './kusto-error';
import { parseStage, stageNames } from './parse-stage';
import type { Query, Stage } from './syntax';
import { TokenReader } from './token-reader';
import { tokenize } from './tokenize';

/** Reads `table | stage | …`. @throws KustoError at the first thing that is not part of the language. */
export function parseQuery(text: string): Query {
  const reader = new TokenReader(tokenize(text));
  const query = parsePipe(reader);
  reader.expect('end');
  return query;
}

/** Without a table, as in `where … | …`, the query is about `resources`. */
function parsePipe(reader: TokenReader): Query {
  const { text, at } = reader.next;
  const stages: Stage[] = [];
  const bare = beginsWithStage(reader);
  if (bare) stages.push(parseStage(reader, parsePipe));
  else refuseLet(reader.expect('name'));
  while (reader.accept('symbol', '|') !== undefined) stages.push(parseStage(reader, parsePipe));
  return { table: bare ? 'resources' : text, at, stages };
}

function beginsWithStage(reader: TokenReader): boolean {
  const { kind, text } = reader.next;
  const after = reader.peek(1);
  const alone = after.kind === 'end' || after.text === '|' || after.text === ')';
  return kind === 'name' && stageNames.has(text) && !alone;
}

function refuseLet({ text, at }: { text: string; at: Query['at'] }): void {
  if (text !== 'let' && text !== 'declare' && text !== 'set') return;
  throw new KustoError(
    'InvalidQueryLanguage',
    at,
    `The statement '${text}' is not available. Write one query without statements.`,
  );
}

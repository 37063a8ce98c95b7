import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import { FailureError } from '../../domain/outcome';
import type { RecordKind, RecordTypes } from '../../domain/records';
import { rowKeyOf } from './table-keys';

/**
 * A record as one row, so that it is written whole or not at all: its JSON as text that people can read, or
 * compressed and in pieces where that is too long.
 */
export type Row = Readonly<Record<string, string | Uint8Array>> & {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly id: string;
  /** Of the one call that wrote the row: it knows its own by it. */
  readonly write: string;
};

// A property takes 64 KB, which the service counts in thousands, and two bytes for each character of a
// text; a row takes 1 MiB (https://github.com/Azure/Azurite/issues/2510).
const longestText = 30_000;
const pieceBytes = 60_000;
const mostPieces = 16;

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** @throws FailureError `Unsupported` for what does not fit into a row even if it is compressed. */
export async function rowOf<K extends RecordKind>(
  kind: K,
  id: string,
  value: RecordTypes[K],
): Promise<Row> {
  const text = JSON.stringify(value);
  const body = text.length <= longestText ? { text } : piecesOf(await compress(text));
  if (Object.keys(body).length > mostPieces) throw tooLarge(kind, id);
  return { ...body, partitionKey: kind, rowKey: rowKeyOf(id), id, write: randomUUID() };
}

export async function valueOf<K extends RecordKind>(row: Row): Promise<RecordTypes[K]> {
  const { text } = row;
  if (typeof text === 'string') return JSON.parse(text) as RecordTypes[K];
  const pieces: Uint8Array[] = [];
  for (
    let piece = row[nameOf(0)];
    piece instanceof Uint8Array;
    piece = row[nameOf(pieces.length)]
  ) {
    pieces.push(piece);
  }
  return JSON.parse((await expand(Buffer.concat(pieces))).toString()) as RecordTypes[K];
}

function piecesOf(bytes: Buffer): Record<string, Uint8Array> {
  const pieces: Record<string, Uint8Array> = {};
  for (let from = 0, number = 0; from < bytes.length; from += pieceBytes, number += 1) {
    pieces[nameOf(number)] = bytes.subarray(from, from + pieceBytes);
  }
  return pieces;
}

function nameOf(piece: number): string {
  return `gzip${piece}`;
}

function tooLarge(kind: string, id: string): FailureError {
  return new FailureError({
    code: 'Unsupported',
    message: `The record ${id} of kind ${kind} does not fit into a row of Azure Table storage, compressed as it is.`,
    next: 'Ask for fewer clusters at once.',
  });
}

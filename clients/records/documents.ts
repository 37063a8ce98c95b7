import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { RecordTypes } from '../../domain/records';
import type { Records } from './records';

type Store = Pick<Records, 'get' | 'put'>;

/** Of compressed bytes in one record; as base64 it stays below the 32 KiB that a column of Azure Tables takes. */
const partBytes = 24_000;

/**
 * Keeps a value that is too large for one record: compressed, in parts. Readers see the value before or this one, never a
 * mixture; the parts of the one before stay.
 *
 * @returns SHA-256 of the value as JSON.
 */
export async function putDocument(records: Store, id: string, value: unknown): Promise<string> {
  const text = JSON.stringify(value);
  const hash = createHash('sha256').update(text).digest('hex');
  const bytes = gzipSync(text);
  const parts = Math.ceil(bytes.length / partBytes);
  for (let part = 0; part < parts; part += 1) {
    const data = bytes.subarray(part * partBytes, (part + 1) * partBytes).toString('base64');
    await records.put('documentPart', partId({ id, hash, part }), { data });
  }
  await records.put('document', id, { id, hash, parts });
  return hash;
}

/** The value that was kept; undefined when there is none. */
export async function getDocument(records: Store, id: string): Promise<unknown> {
  const head = (await records.get('document', id))?.value;
  if (!head) return undefined;
  const parts = await Promise.all(
    Array.from({ length: head.parts }, (_, part) =>
      records.get('documentPart', partId({ ...head, part })),
    ),
  );
  const bytes = parts.map((part, n) => bytesOf(part?.value, `${id}, part ${n}`));
  return JSON.parse(gunzipSync(Buffer.concat(bytes)).toString()) as unknown;
}

function bytesOf(part: RecordTypes['documentPart'] | undefined, what: string): Buffer {
  if (!part) throw new Error(`the document ${what}, is missing`);
  return Buffer.from(part.data, 'base64');
}

function partId(of: { readonly id: string; readonly hash: string; readonly part: number }): string {
  return `${of.id}~${of.hash.slice(0, 16)}~${String(of.part).padStart(4, '0')}`;
}

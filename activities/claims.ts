import type { Records } from '../clients/records/records';

export interface ClaimRequest {
  readonly id: string;
  readonly owner: string;
  /** ISO time. */
  readonly asOf: string;
  readonly minutes: number;
}

/**
 * Claims something that only one run may do at a time. A claim outlives its owner's crash, and its
 * owner may claim it again; after the given minutes anybody may.
 *
 * @returns `taken` when it became the owner's just now, `kept` when it was before, else `held`.
 */
export async function claim(
  records: Records,
  { id, owner, asOf, minutes }: ClaimRequest,
): Promise<'taken' | 'kept' | 'held'> {
  const until = new Date(Date.parse(asOf) + minutes * 60_000).toISOString();
  const value = { owner, until };
  if (await records.insert('claim', id, value)) return 'taken';
  const existing = await records.get('claim', id);
  if (!existing) return 'held';
  if (existing.value.owner === owner) return 'kept';
  const expired = existing.value.until !== undefined && existing.value.until <= asOf;
  const taken = expired && (await records.replace('claim', id, { value, etag: existing.etag }));
  return taken ? 'taken' : 'held';
}

/** Lets go of the owner's own claim, and of none that another has put in its place meanwhile. */
export async function release(records: Records, id: string, owner: string): Promise<void> {
  const held = await records.get('claim', id);
  if (held?.value.owner === owner) await records.remove('claim', id, held.etag);
}

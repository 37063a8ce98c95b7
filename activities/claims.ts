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
 * @returns whether it is the caller's now.
 */
export async function claim(
  records: Records,
  { id, owner, asOf, minutes }: ClaimRequest,
): Promise<boolean> {
  const until = new Date(Date.parse(asOf) + minutes * 60_000).toISOString();
  const value = { owner, until };
  if (await records.insert('claim', id, value)) return true;
  const existing = await records.get('claim', id);
  if (!existing) return false;
  if (existing.value.owner === owner) return true;
  const expired = existing.value.until !== undefined && existing.value.until <= asOf;
  return expired && records.replace('claim', id, { value, etag: existing.etag });
}

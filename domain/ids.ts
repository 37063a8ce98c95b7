import { createHash } from 'node:crypto';

/** ARM id of a managed cluster, lower-cased: ARM compares ids without regard to case. */
export type ClusterId = string & { readonly __brand: 'ClusterId' };

export interface ClusterIdParts {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

// Names as ARM allows them: a resource group up to 90, a cluster up to 63 characters.
const clusterIdPattern =
  /^\/subscriptions\/(?<subscriptionId>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/resourcegroups\/(?<resourceGroup>[-\w.()]{1,90})\/providers\/microsoft\.containerservice\/managedclusters\/(?<name>[a-z0-9][-_a-z0-9]{0,62})$/;

/** @returns the id in its one canonical spelling, or `undefined` if it does not name a cluster. */
export function toClusterId(armId: string): ClusterId | undefined {
  const id = armId.toLowerCase().replace(/\/$/, '');
  return clusterIdPattern.test(id) ? (id as ClusterId) : undefined;
}

/** @throws Error for a text that did not come from {@link toClusterId}. */
export function clusterIdParts(id: ClusterId): ClusterIdParts {
  const groups = clusterIdPattern.exec(id)?.groups;
  if (!groups) throw new Error(`not a cluster id: ${id}`);
  const { subscriptionId = '', resourceGroup = '', name = '' } = groups;
  return { subscriptionId, resourceGroup, name };
}

/** `c_` and 16 base32 characters: the cluster's name in our own URLs, the same for ever. */
export function clusterKey(id: ClusterId): string {
  return `c_${base32(createHash('sha256').update(id).digest()).slice(0, 16)}`;
}

/**
 * A sortable unique id: the prefix, then a ULID of the time and of 80 random bits.
 *
 * @param random at least 10 bytes.
 */
export function sortableId(
  prefix: 'run' | 'pl' | 'fleet' | 'mig' | 'proof',
  epochMs: number,
  random: Uint8Array,
): string {
  let time = '';
  for (let rest = epochMs, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) {
    time = alphabet.charAt(rest % 32) + time;
  }
  return `${prefix}_${time}${base32(random.subarray(0, 10))}`;
}

/** When the last {@link sortableId} in a text was made; undefined where there is none. */
export function timeIn(text: string): number | undefined {
  const [time] =
    text.match(/(?<=_)[0-9A-HJKMNP-TV-Z]{10}(?=[0-9A-HJKMNP-TV-Z]{16}(?![0-9A-Z]))/g)?.slice(-1) ??
    [];
  if (time === undefined) return undefined;
  return Array.from(time).reduce((sum, digit) => sum * 32 + alphabet.indexOf(digit), 0);
}

/** The last segment of an ARM id. */
export function armName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Compares two ARM ids as ARM does: without regard to case or a trailing slash. */
export function sameArmId(a: string, b: string): boolean {
  return canonicalArmId(a) === canonicalArmId(b);
}

export function canonicalArmId(id: string): string {
  return id.toLowerCase().replace(/\/+$/, '');
}

// Crockford's base32, which leaves out letters that read like digits.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const digits = bits.match(/.{5}/g) ?? [];
  return digits.map((digit) => alphabet.charAt(parseInt(digit, 2))).join('');
}

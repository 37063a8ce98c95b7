import { createHash } from 'node:crypto';

/** Everything random in a simulated world comes from here: the same seed and names give the same values. */
export interface Seed {
  guid(...names: readonly (string | number)[]): string;
  /** At least 0, less than 1. */
  fraction(...names: readonly (string | number)[]): number;
  /** An integer from `least` to `most`, both included. */
  between(least: number, most: number, ...names: readonly (string | number)[]): number;
}

export function seeded(seed: number): Seed {
  const digest = (names: readonly (string | number)[]): Buffer =>
    createHash('sha256')
      .update([seed, ...names].join('\n'))
      .digest();
  const fraction = (...names: readonly (string | number)[]): number =>
    digest(names).readUIntBE(0, 6) / 2 ** 48;
  return {
    guid: (...names) => toGuid(digest(names)),
    fraction,
    between: (least, most, ...names) => least + Math.floor(fraction(...names) * (most - least + 1)),
  };
}

function toGuid(bytes: Buffer): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, index) => hex.slice(cuts[index], end))
    .join('-');
}

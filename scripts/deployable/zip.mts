import { zipSync } from 'fflate';

/** Contents by path, with `/` between folders. */
export type Files = ReadonlyMap<string, Uint8Array>;

const unix = 3;
const readableByAll = 0o100_644;

/**
 * A zip that is the same for the same files, whoever makes it, when, where and on whatever system:
 * the compression is its own, and no clock, time zone, order or permission of the machine gets in.
 */
export function zipOf(files: Files): Uint8Array {
  const entries = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  return zipSync(Object.fromEntries(entries), {
    level: 9,
    mtime: new Date(1980, 0, 1), // the format's first day, in local time as the format is
    os: unix,
    attrs: readableByAll << 16,
  });
}

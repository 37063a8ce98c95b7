/**
 * Whether an instance of this version may run: the host takes its own version and older ones.
 * Without a version of its own it takes only instances that have none.
 */
export function mayRun(version: string, hostVersion: string | undefined): boolean {
  if (version === '') return true;
  return hostVersion !== undefined && compareVersions(version, hostVersion) <= 0;
}

/** Compares versions of two to four numbers part by part; anything else as text, in any letter case. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)];
  if (a === undefined || b === undefined) return compareTexts(left, right);
  const differences = a.map((part, index) => part - (b[index] ?? missing));
  return differences.find((difference) => difference !== 0) ?? a.length - b.length;
}

/** A part that is not there is less than 0. */
const missing = -1;

function partsOf(version: string): readonly number[] | undefined {
  const parts = version.split('.');
  const isVersion = parts.length >= 2 && parts.length <= 4;
  return isVersion && parts.every((part) => /^\s*\d+\s*$/.test(part))
    ? parts.map(Number)
    : undefined;
}

function compareTexts(left: string, right: string): number {
  const [a, b] = [left.toUpperCase(), right.toUpperCase()];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

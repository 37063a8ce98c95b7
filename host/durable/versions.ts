/**
 * Whether an instance of this version may run: the host takes its own version and older ones.
 * Without a version of its own it takes only instances that have none.
 */
export function mayRun(version: string, hostVersion: string | undefined): boolean {
  if (version === '') return true;
  return hostVersion !== undefined && compareVersions(version, hostVersion) <= 0;
}

/** Compares dotted numbers part by part; anything else as text. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  if ([...a, ...b].some((part) => !Number.isInteger(part))) return left.localeCompare(right);
  const different = Array.from({ length: Math.max(a.length, b.length) }, (_, index) =>
    Math.sign((a[index] ?? 0) - (b[index] ?? 0)),
  ).find((sign) => sign !== 0);
  return different ?? 0;
}

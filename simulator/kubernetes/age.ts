const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const;

/** How old something is, as kubectl prints it for whole units: `45d`, `3h`, `12m`, `40s`. */
export function ageOf(created: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(created)) / 1000));
  const found = units.find(([, size]) => seconds >= 2 * size);
  return found ? `${Math.floor(seconds / found[1])}${found[0]}` : `${seconds}s`;
}

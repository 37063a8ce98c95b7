/** How many edits turn one text into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const kept = (row[j] ?? 0) + (from.charAt(i) === to.charAt(j) ? 0 : 1);
      next.push(Math.min(kept, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The few ids that someone who wrote `wanted` may have meant, best first. */
export function closestIds(wanted: string, ids: Iterable<string>): string[] {
  const text = wanted.toLowerCase();
  const ranked: { id: string; cost: number }[] = [];
  for (const id of ids) {
    const lower = id.toLowerCase();
    const isPart = text !== '' && (lower.includes(text) || text.includes(lower));
    const cost = isPart ? 0 : distance(text, lower);
    if (cost <= Math.max(2, text.length / 3)) ranked.push({ id, cost });
  }
  return ranked
    .sort((a, b) => a.cost - b.cost || a.id.localeCompare(b.id))
    .slice(0, 3)
    .map(({ id }) => id);
}

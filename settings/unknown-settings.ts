import type { Environment } from './parse-settings';
import { schema } from './schema';

const known: readonly string[] = Object.values(schema).map(({ name }) => name);

/** One line for each variable that is named like a setting and is none: nobody would hear of a misspelt one. */
export function unknownSettings(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('STEWARD_') && !known.includes(name))
    .sort()
    .map((name) => `Setting ${name} is not known and has no effect.${suggestion(name)}`);
}

function suggestion(name: string): string {
  const [nearest] = known
    .map((each) => ({ each, distance: distanceBetween(name, each) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= 2 ? ` Did you mean ${nearest.each}?` : ' Remove it.';
}

/** How many letters are to be added, taken away or replaced (Levenshtein). */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

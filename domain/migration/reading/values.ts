import { textIn } from '../json';

/** The members of a map that are texts, as labels and annotations are. */
export function textsIn(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  const members = Object.entries(value as Readonly<Record<string, unknown>>);
  return new Map(members.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
}

export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Two ids that are written in any letter case, such as client ids. Nothing is the same as nothing. */
export function sameText(one: string, other: string): boolean {
  return one !== '' && one.toLowerCase() === other.toLowerCase();
}

/** A flag that Kubernetes objects often carry as a text. */
export function isTrueText(value: unknown): boolean {
  return textIn(value).toLowerCase() === 'true';
}

/** In order of code units, as Kubernetes sorts names. */
export function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

export function sortedBy<T>(items: Iterable<T>, key: (item: T) => string): readonly T[] {
  return [...items].sort((one, other) => inOrder(key(one), key(other)));
}

export function grouped<T>(
  items: Iterable<T>,
  key: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

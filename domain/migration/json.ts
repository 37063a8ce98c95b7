import type { Json } from './snapshot';

/** Readers of raw JSON: what has another form than expected is as good as absent. */
export function objectIn(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}

export function objectsIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(objectIn) : [];
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberIn(value: unknown, absent: number): number {
  return typeof value === 'number' ? value : absent;
}

/** The object at a path of members; an empty one when there is none. */
export function objectAt(value: Json, ...path: readonly string[]): Json {
  return path.reduce((found, name) => objectIn(found[name]), value);
}

export function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

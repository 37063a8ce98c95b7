import type { Json } from './snapshot';

/** A member of an object on the wire; an empty object for anything else. */
export function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

/** The objects of a list on the wire; an empty list for anything else. */
export function asList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(asJson) : [];
}

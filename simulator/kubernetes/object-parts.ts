import { textAt } from '../json';
import type { Json, JsonObject } from '../json';
import type { KubeObject } from './resource-table';

export function nameOf({ metadata }: KubeObject): string {
  return textAt(metadata, 'name') ?? '';
}

/** Empty for what belongs to no namespace. */
export function namespaceIn({ metadata }: KubeObject): string {
  return textAt(metadata, 'namespace') ?? '';
}

/** A copy without some of its members. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** A value as messages show it. */
export function said(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

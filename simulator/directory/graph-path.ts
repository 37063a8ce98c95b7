import type { ArmResponse } from '../provider';
import type { ObjectKey } from './directory';
import { badRequest } from './graph-error';

const sets = ['servicePrincipals', 'applications', 'directoryObjects'] as const;
export type EntitySet = (typeof sets)[number];

/** What a path below the version addresses: an object, and perhaps something that it can do. */
export interface Addressed {
  readonly set: EntitySet;
  readonly key: ObjectKey;
  readonly action: string | undefined;
}

/** Reads `/set/{id}`, `/set('id')` and `/set(appId='…')`, each with an action behind it, names in any case. */
export function addressedBy(path: string): Addressed | ArmResponse {
  const [first, ...rest] = segmentsOf(path) ?? [];
  if (first === undefined) return badRequest('The request URI is not valid.');
  const [, name = '', inParentheses] = /^(\w+)(?:\((.*)\))?$/s.exec(first) ?? [];
  const set = sets.find((one) => one.toLowerCase() === name.toLowerCase());
  if (set === undefined) return noSegment(first);
  const [key, below] =
    inParentheses === undefined
      ? [idIn(rest[0]), rest.slice(1)]
      : [keyIn(inParentheses, set), rest];
  if (key === undefined) return inParentheses === undefined ? noList(set) : noSegment(first);
  const [action, more] = below;
  return more === undefined ? { set, key, action } : noSegment(more);
}

/** What stands in a path where nothing can. */
export function noSegment(segment: string): ArmResponse {
  return badRequest(`Resource not found for the segment '${segment}'.`);
}

function noList(set: EntitySet): ArmResponse {
  return unsupported(
    `The simulated directory does not list ${set}. Ask for one by its id or appId.`,
  );
}

function idIn(segment: string | undefined): ObjectKey | undefined {
  return segment === undefined ? undefined : { name: 'id', value: segment };
}

/** Something that Graph does and the simulated directory does not. */
export function unsupported(message: string): ArmResponse {
  const answer = badRequest(message);
  return { ...answer, body: { error: { code: 'Request_UnsupportedQuery', message } } };
}

/** Decoded segments; undefined for broken escapes. */
export function segmentsOf(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** The key in parentheses: text in single quotes, which are doubled inside it. */
function keyIn(text: string, set: EntitySet): ObjectKey | undefined {
  const [, name = 'id', quoted] = /^(?:(\w+)=)?'((?:[^']|'')+)'$/s.exec(text) ?? [];
  if (quoted === undefined) return undefined;
  const value = quoted.replaceAll("''", "'");
  if (name.toLowerCase() === 'id') return { name: 'id', value };
  const isAlternate = name.toLowerCase() === 'appid' && set !== 'directoryObjects';
  return isAlternate ? { name: 'appId', value } : undefined;
}

import { types } from 'node:util';

import { deepestJson } from '../../newtonsoft/json-depth';
import { isReference } from './references';

/** A part of a value that JSON, or .NET reading it, does not carry over as it is. */
export interface Flaw {
  /**
   * `unwritable`: there is no JSON for the whole value. `unreadable`: .NET refuses it. `lost`: what
   * arrives cannot be turned back into what was sent. `changed`: it can.
   */
  readonly kind: 'unwritable' | 'unreadable' | 'lost' | 'changed';
  /** Where, from the value inwards: `.list[2]`; empty for the value itself. */
  readonly path: string;
  /** What is there, and what arrives. */
  readonly becomes: string;
}

type Found = Omit<Flaw, 'path'>;

/** The first flaw of each kind, in the order in which they are found. */
export function jsonFlaws(value: unknown): readonly Flaw[] {
  if (typeof value !== 'object' || value === null) {
    const found = leafFlaw(value);
    return found === undefined ? [] : [{ ...found, path: '' }];
  }
  const walk: Walk = { path: [], ancestors: new Set(), flaws: new Map() };
  visitObject(value, walk);
  return [...walk.flaws.values()];
}

interface Walk {
  readonly path: string[];
  readonly ancestors: Set<object>;
  readonly flaws: Map<Flaw['kind'], Flaw>;
}

function visitObject(value: object, walk: Walk): void {
  const found = objectFlaw(value, walk);
  note(found, walk);
  if (found?.kind === 'unwritable' || !hasMembers(value)) return;
  if (walk.path.length > deepestJson) return; // refused for its depth, whatever it holds
  const inArray = Array.isArray(value);
  walk.ancestors.add(value);
  for (const key of Object.keys(value)) {
    walk.path.push(inArray ? `[${key}]` : `.${key}`);
    const member = (value as Record<string, unknown>)[key];
    if (isObject(member)) visitObject(member, walk);
    else note(memberFlaw(member, inArray), walk);
    walk.path.pop();
  }
  walk.ancestors.delete(value);
}

function note(found: Found | undefined, { flaws, path }: Walk): void {
  if (found === undefined || flaws.has(found.kind)) return;
  flaws.set(found.kind, { ...found, path: path.join('') });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether JSON is made of the members of an object, one by one. */
function hasMembers(value: object): boolean {
  return !ArrayBuffer.isView(value) && !speaksForItself(value);
}

function speaksForItself(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

/** Functions and `undefined` are left out of objects without harm; an array cannot leave anything out. */
function memberFlaw(value: unknown, inArray: boolean): Found | undefined {
  const isNothing = ['undefined', 'function', 'symbol'].includes(typeof value);
  if (!isNothing) return leafFlaw(value);
  return inArray ? { kind: 'changed', becomes: `${typeof value} arrives as null` } : undefined;
}

function leafFlaw(value: unknown): Found | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? undefined
      : { kind: 'lost', becomes: `${value} does not arrive as a number` };
  }
  if (typeof value === 'bigint') {
    return speaksForItself(BigInt.prototype)
      ? undefined
      : { kind: 'unwritable', becomes: 'Do not know how to serialize a BigInt' };
  }
  return typeof value === 'function' || typeof value === 'symbol'
    ? { kind: 'lost', becomes: `a ${typeof value} arrives as nothing` }
    : undefined;
}

function objectFlaw(value: object, { ancestors, path }: Walk): Found | undefined {
  if (ancestors.has(value)) {
    return { kind: 'unwritable', becomes: 'Converting circular structure to JSON' };
  }
  if (types.isDate(value)) return dateFlaw(value);
  if (ArrayBuffer.isView(value)) {
    return { kind: 'changed', becomes: 'bytes arrive as an object or as base64 text' };
  }
  if (speaksForItself(value)) return undefined;
  if (isEmptied(value)) {
    return { kind: 'lost', becomes: `${value.constructor.name} arrives without its content` };
  }
  return path.length === 0 && isReference(value)
    ? { kind: 'unreadable', becomes: 'an object that begins with the key $ref is refused' }
    : undefined;
}

function dateFlaw(date: Date): Found {
  return Number.isNaN(date.getTime())
    ? { kind: 'lost', becomes: 'an invalid Date arrives as null' }
    : { kind: 'changed', becomes: 'a Date arrives as text' };
}

/** What it holds is not in members that JSON knows of. */
function isEmptied(value: object): boolean {
  return (
    types.isMap(value) ||
    types.isSet(value) ||
    value instanceof Error ||
    types.isRegExp(value) ||
    types.isPromise(value) ||
    types.isAnyArrayBuffer(value)
  );
}

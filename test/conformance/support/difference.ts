import type { Templates } from './template';

/** The first place where this run and the recording part. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Compares values of any shape: keys in any order, lists in order, texts with their placeholders. */
export function differenceOf(
  templates: Templates,
  [expected, actual]: readonly [expected: unknown, actual: unknown],
  path = '',
): Difference | undefined {
  const differs = { path, expected, actual };
  if (typeof expected === 'string')
    return fitsText(templates, expected, actual) ? undefined : differs;
  if (typeof expected !== 'object' || expected === null) {
    return expected === actual ? undefined : differs;
  }
  if (typeof actual !== 'object' || actual === null) return differs;
  if (Array.isArray(expected) !== Array.isArray(actual)) return differs;
  return differenceOfMembers(templates, expected, { actual, path });
}

function fitsText(templates: Templates, expected: string, actual: unknown): boolean {
  if (expected === '<NUMBER>' || expected === '<EPOCH>') return typeof actual === 'number';
  return typeof actual === 'string' && templates.fits(expected, actual);
}

function differenceOfMembers(
  templates: Templates,
  expected: object,
  { actual, path }: { readonly actual: object; readonly path: string },
): Difference | undefined {
  const members = actual as Record<string, unknown>;
  for (const [name, value] of Object.entries(expected)) {
    const place = `${path}.${name}`;
    if (!Object.hasOwn(members, name)) return { path: place, expected: value, actual: 'nothing' };
    const found = differenceOf(templates, [value, members[name]], place);
    if (found) return found;
  }
  const more = Object.keys(members).find((name) => !Object.hasOwn(expected, name));
  return more === undefined
    ? undefined
    : { path: `${path}.${more}`, expected: 'nothing', actual: members[more] };
}

/** Compares two lists in whatever order they are. */
export function differenceOfSets(
  templates: Templates,
  expected: readonly unknown[],
  actual: readonly unknown[],
): Difference | undefined {
  const left = [...actual];
  for (const value of expected) {
    const index = left.findIndex((each) => differenceOf(templates, [value, each]) === undefined);
    if (index < 0) return { path: 'set', expected: value, actual: left };
    left.splice(index, 1);
  }
  return left.length === 0 ? undefined : { path: 'set', expected: 'no more', actual: left };
}

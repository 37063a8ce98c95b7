import type { Part, Segment } from './route-pattern';

/** Values by parameter name; undefined for a catch-all that got nothing. */
export type RouteValues = Record<string, string | undefined>;

/** Whether a part of a path, which is not empty, fits; adds the values that it holds. */
export function matchSegment(segment: Segment, part: string, values: RouteValues): boolean {
  const [only] = segment;
  if (segment.length > 1) return matchMixed(segment, part, values);
  if (typeof only === 'object') values[only.name] = part;
  return typeof only === 'object' || only?.toLowerCase() === part.toLowerCase();
}

/** `{name}.{extension?}` also fits without what is optional, unless the part ends in its dot. */
function matchMixed(segment: Segment, part: string, values: RouteValues): boolean {
  const found = fromTheRight(segment, part);
  const last = segment.at(-1);
  const mayBeShort = typeof last === 'object' && last.optional && !part.endsWith('.');
  const all = found ?? (mayBeShort ? fromTheRight(segment.slice(0, -2), part) : undefined);
  if (all) Object.assign(values, all);
  return all !== undefined;
}

/**
 * Places take their values from right to left: a text is looked for as far right as possible, and each
 * place gets at least one character.
 */
function fromTheRight(segment: Segment, part: string): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  let end = part.length;
  for (let index = segment.length - 1; index >= 0; index -= 1) {
    const piece = segment[index] ?? '';
    const start = startOf(piece, { before: segment[index - 1], part, end });
    if (start === undefined) return undefined;
    if (typeof piece === 'object') found[piece.name] = part.slice(start, end);
    end = start;
  }
  return end === 0 ? found : undefined;
}

interface Place {
  /** The piece to the left */
  readonly before: Part | undefined;
  readonly part: string;
  /** Where the piece to the right begins */
  readonly end: number;
}

/** Where a piece begins that ends at `end`; undefined if it does not fit there. */
function startOf(piece: Part, { before, part, end }: Place): number | undefined {
  if (typeof piece === 'string') {
    const start = end - piece.length;
    const fits = part.slice(Math.max(start, 0), end).toLowerCase() === piece.toLowerCase();
    return start >= 0 && fits ? start : undefined;
  }
  if (end === 0) return undefined;
  if (typeof before !== 'string') return 0;
  const found = part
    .slice(0, end - 1)
    .toLowerCase()
    .lastIndexOf(before.toLowerCase());
  return found < 0 ? undefined : found + before.length;
}

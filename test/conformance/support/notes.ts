import { setTimeout as delay } from 'node:timers/promises';

import { differenceOf, type Difference } from './difference';
import type { NoteStep } from './recording';
import type { Templates } from './template';

export interface NoteSource {
  readonly templates: Templates;
  /** Waits until the app has seen something so often, or gives up */
  readonly seen: (key: string, atLeast: number) => Promise<unknown[]>;
  /** How long the last answer took */
  readonly lastMs: number;
}

type Measure = (name: string, data: unknown, source: NoteSource) => Promise<Difference | undefined>;

/** How each kind of note is measured again, by its words. */
const measures: readonly (readonly [words: string, measure: Measure])[] = [
  ['first two of the recorded calls', differenceOfCalls(0, 2)],
  ['third and fourth call', differenceOfCalls(2, 4)],
  ['keeps firing', differenceOfCount],
  ['overlapping calls', differenceOfOverlap],
  ['answer time', differenceOfTime],
];

/** Measures again what a note says; a note of another kind holds. */
export async function differenceOfNote(
  { text, data }: NoteStep,
  source: NoteSource,
): Promise<Difference | undefined> {
  const [name = ''] = /^\w+/.exec(text) ?? [];
  const found = measures.find(([words]) => text.includes(words));
  return found?.[1](name, data, source);
}

function differenceOfCalls(from: number, to: number): Measure {
  return async (name, data, { templates, seen }) =>
    differenceOf(templates, [data, (await seen(name, to)).slice(from, to)], name);
}

async function differenceOfCount(
  name: string,
  data: unknown,
  { seen }: NoteSource,
): Promise<Difference | undefined> {
  const { callsAtLeast } = data as { callsAtLeast: number };
  const calls = (await seen(name, callsAtLeast)).length;
  return calls >= callsAtLeast ? undefined : { path: name, expected: callsAtLeast, actual: calls };
}

/** Twice the time is allowed: the machine may be busy. */
async function differenceOfTime(
  name: string,
  data: unknown,
  { lastMs }: NoteSource,
): Promise<Difference | undefined> {
  const { milliseconds = Infinity } = data as { milliseconds?: number };
  return Promise.resolve(
    lastMs < 2 * milliseconds ? undefined : { path: name, expected: milliseconds, actual: lastMs },
  );
}

async function differenceOfOverlap(
  name: string,
  _data: unknown,
  source: NoteSource,
): Promise<Difference | undefined> {
  const calls = (await source.seen(name, 3)) as { start: number; end: number }[];
  const overlaps = calls.some((each, index) => each.start < (calls[index - 1]?.end ?? 0));
  return overlaps ? { path: name, expected: 'no overlap', actual: calls } : undefined;
}

/** Asks until `read` returns so many things, for at most 45 s. */
export async function readAtLeast(
  read: () => Promise<unknown>,
  atLeast: number,
): Promise<unknown[]> {
  for (let left = 90; ; left -= 1) {
    const list = await read();
    const found = Array.isArray(list) ? (list as unknown[]) : [];
    if (found.length >= atLeast || left === 0) return found;
    await delay(500);
  }
}

/** A field of an NCRONTAB expression: what it may hold. */
interface Field {
  readonly min: number;
  readonly max: number;
  /** Names in the order of their values; any beginning of one stands for it */
  readonly names?: readonly string[];
}

const months =
  'january february march april may june july august september october november december';
const days = 'sunday monday tuesday wednesday thursday friday saturday';

/** `{second} {minute} {hour} {day} {month} {day-of-week}` */
const fields: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: months.split(' ') },
  { min: 0, max: 6, names: days.split(' ') },
];

/**
 * The same expression in plain cron: six fields, each `*` or a list of numbers. Five fields have no
 * seconds. Undefined for what the Functions host does not read.
 */
export function toPlainCron(expression: string): string | undefined {
  const given = expression.trim().split(/\s+/);
  const texts = given.length === fields.length - 1 ? ['0', ...given] : given;
  if (texts.length !== fields.length) return undefined;
  const plain = fields.flatMap((field, index) => plainField(texts[index] ?? '', field) ?? []);
  return plain.length === fields.length ? plain.join(' ') : undefined;
}

function plainField(text: string, field: Field): string | undefined {
  const values = new Set<number>();
  for (const term of text.split(',')) {
    const found = valuesOf(term, field);
    if (found === undefined) return undefined;
    for (const value of found) values.add(value);
  }
  return values.size > field.max - field.min ? '*' : [...values].join(',');
}

/** A value or a range, each with a step. */
function valuesOf(term: string, field: Field): number[] | undefined {
  const [, text = '', step] = /^([^/]*)(?:\/(\d+))?$/.exec(term) ?? [];
  const every = Number(step ?? 1);
  const range = rangeOf(text, field, step !== undefined);
  if (range === undefined || every < 1) return undefined;
  const [low, high] = range;
  return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, n) => low + n * every);
}

/** `*` is the whole field, and a value with a step goes on to the end of it. */
function rangeOf(text: string, field: Field, isStepped: boolean): [number, number] | undefined {
  if (text === '*') return [field.min, field.max];
  const [first = '', last, ...more] = text.split('-');
  const from = toValue(first, field);
  const to = last === undefined ? from : toValue(last, field);
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  if (last === undefined && isStepped) return [from, field.max];
  // A range that is written backwards is turned around: it does not go on past the end.
  return [Math.min(from, to), Math.max(from, to)];
}

function toValue(text: string, { min, max, names = [] }: Field): number | undefined {
  const named = text === '' ? -1 : names.findIndex((name) => name.startsWith(text.toLowerCase()));
  const value = /^\d+$/.test(text) ? Number(text) : named < 0 ? undefined : named + min;
  return value === undefined || value < min || value > max ? undefined : value;
}

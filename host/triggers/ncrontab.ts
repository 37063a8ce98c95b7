/** A calendar schedule, in times of a clock on the wall (milliseconds, as if it were UTC). */
export interface Crontab {
  /** The first occurrence after a time; undefined if there is none within a century */
  next(wallTime: number): number | undefined;
  /** It comes again and again within hours, rather than at some times of a day. */
  readonly repeats: boolean;
  /** It comes more than once in every minute. */
  readonly frequent: boolean;
}

interface FieldKind {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const monthNames =
  'january february march april may june july august september october november december';
const dayNames = 'sunday monday tuesday wednesday thursday friday saturday';

const kinds: readonly FieldKind[] = [
  { least: 0, most: 59 },
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: monthNames.split(' ') },
  { least: 0, most: 6, names: dayNames.split(' ') },
];

/** Sorted, without doubles */
type Field = readonly number[];

interface Fields {
  readonly seconds: Field;
  readonly minutes: Field;
  readonly hours: Field;
  readonly days: Field;
  readonly months: Field;
  readonly weekdays: Field;
}

/**
 * Reads an NCRONTAB expression: `{second} {minute} {hour} {day} {month} {day-of-week}`, or five fields
 * without seconds. Undefined for anything else.
 */
export function parseCrontab(expression: string): Crontab | undefined {
  const texts = expression.split(' ').filter((text) => text !== '');
  if (texts.length === 5) texts.unshift('0');
  if (texts.length !== kinds.length) return undefined;
  const fields = kinds.map((kind, index) => parseField(texts[index] ?? '', kind));
  const [seconds, minutes, hours, days, months, weekdays] = fields;
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) return undefined;
  const all = { seconds, minutes, hours, days, months, weekdays };
  return {
    next: (wallTime) => nextTime(all, wallTime),
    repeats: [seconds, minutes, hours].some(hasNeighbors),
    frequent:
      seconds.length > 1 && fields.slice(1).every((field, index) => isFull(field, index + 1)),
  };
}

/** A list of values, ranges and steps; undefined when one of them is wrong. */
function parseField(text: string, kind: FieldKind): Field | undefined {
  const pieces = text.split(',').map((piece) => parsePiece(piece, kind));
  const values = new Set<number>();
  for (const piece of pieces) {
    if (!piece) return undefined;
    for (let value = piece.from; value <= piece.to; value += piece.step) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** A range that ends before it begins is turned around; a value with a step goes up to the end. */
function parsePiece(text: string, kind: FieldKind): Range | undefined {
  const [, range = '', stepText] = /^([^/]+)(?:\/([+-]?\d+))?$/.exec(text) ?? [];
  const step = Math.max(Number(stepText ?? 1), 1);
  if (range === '*') return { from: kind.least, to: kind.most, step };
  const [, firstText = '', lastText] = /^([^-]+)(?:-(.+))?$/.exec(range) ?? [];
  const first = parseValue(firstText, kind);
  const open = stepText === undefined ? first : kind.most;
  const last = lastText === undefined ? open : parseValue(lastText, kind);
  const isWithin = (value: number): boolean => value >= kind.least && value <= kind.most;
  if (![first, last].every(isWithin)) return undefined;
  return { from: Math.min(first, last), to: Math.max(first, last), step };
}

/** A number, or the beginning of a name; NaN for what is neither. */
function parseValue(text: string, { least, names = [] }: FieldKind): number {
  if (/^\d+$/.test(text)) return Number(text);
  const index = names.findIndex((name) => text !== '' && name.startsWith(text.toLowerCase()));
  return index < 0 ? NaN : index + least;
}

function isFull(field: Field | undefined, index: number): boolean {
  const kind = kinds[index];
  return kind !== undefined && field?.length === kind.most - kind.least + 1;
}

function hasNeighbors(field: Field): boolean {
  return field.some((value, index) => field[index + 1] === value + 1);
}

const dayMs = 86_400_000;
const centuryMs = 36_525 * dayMs;

function nextTime(fields: Fields, wallTime: number): number | undefined {
  const from = (Math.floor(wallTime / 1000) + 1) * 1000;
  const firstDay = Math.floor(from / dayMs) * dayMs;
  for (let day = firstDay; day < firstDay + centuryMs; day += dayMs) {
    if (!isDay(fields, new Date(day))) continue;
    const time = timeOfDay(fields, day === firstDay ? (from - day) / 1000 : 0);
    if (time !== undefined) return day + time * 1000;
  }
  return undefined;
}

/** Day and weekday must both fit, unlike in classic cron. */
function isDay({ days, months, weekdays }: Fields, date: Date): boolean {
  return (
    months.includes(date.getUTCMonth() + 1) &&
    days.includes(date.getUTCDate()) &&
    weekdays.includes(date.getUTCDay())
  );
}

/** The first occurrence of a day, in seconds, that is not before `least`. */
function timeOfDay({ hours, minutes, seconds }: Fields, least: number): number | undefined {
  for (const hour of hours) {
    if (hour * 3600 + 3599 < least) continue;
    for (const minute of minutes) {
      const start = hour * 3600 + minute * 60;
      const second = seconds.find((each) => start + each >= least);
      if (second !== undefined) return start + second;
    }
  }
  return undefined;
}

const fields = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  { least: 1, most: 12, names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ') },
  { least: 0, most: 7, names: 'sun mon tue wed thu fri sat'.split(' ') },
] as const;

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Whether a minute belongs to a schedule, in UTC. */
export type Schedule = (time: Date) => boolean;

const minuteMs = 60_000;
const farthestMinutes = 366 * 24 * 60;

/** The schedule of a cron job: five fields or a macro; undefined for what is none. */
export function parseSchedule(text: string): Schedule | undefined {
  const parts = (macros[text.trim().toLowerCase()] ?? text).trim().split(/\s+/);
  const sets = fields.map((field, index) => valuesOf(parts[index] ?? '', field));
  const [minutes, hours, days, months, weekdays] = sets;
  if (parts.length !== fields.length) return undefined;
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const anyDay = parts[2]?.startsWith('*') === true;
  const anyWeekday = parts[4]?.startsWith('*') === true;
  return (time) => {
    const weekday = time.getUTCDay();
    const onDay = days.has(time.getUTCDate());
    const onWeekday = weekdays.has(weekday) || (weekday === 0 && weekdays.has(7));
    const isDay = anyDay || anyWeekday ? onDay && onWeekday : onDay || onWeekday;
    return (
      isDay &&
      months.has(time.getUTCMonth() + 1) &&
      hours.has(time.getUTCHours()) &&
      minutes.has(time.getUTCMinutes())
    );
  };
}

/** The first minute of a schedule after a time; undefined when there is none within a year. */
export function nextOf(schedule: Schedule, after: number): number | undefined {
  let time = Math.floor(after / minuteMs) * minuteMs;
  for (let step = 0; step < farthestMinutes; step += 1) {
    time += minuteMs;
    if (schedule(new Date(time))) return time;
  }
  return undefined;
}

interface Field {
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

function valuesOf(text: string, field: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const bounds = boundsOf(range, field, part.includes('/'));
    if (bounds === undefined || Number(step) < 1) return undefined;
    for (let value = bounds[0]; value <= bounds[1]; value += Number(step)) values.add(value);
  }
  return values;
}

function boundsOf(
  range: string,
  field: Field,
  stepped: boolean,
): readonly [number, number] | undefined {
  if (range === '*' || range === '?') return [field.least, field.most];
  const [first = '', last] = range.split('-');
  const from = numberOf(first, field);
  const to = last === undefined ? (stepped ? field.most : from) : numberOf(last, field);
  const inside = from >= field.least && to <= field.most && from <= to;
  return inside ? [from, to] : undefined;
}

function numberOf(text: string, { names, least }: Field): number {
  const index = names.indexOf(text);
  if (index >= 0) return index + least;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

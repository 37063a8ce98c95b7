/** Kusto keeps time in ticks of 100 ns; JavaScript's milliseconds would lose what Azure writes. */
const millisecond = 10_000n;
const second = 1_000n * millisecond;
const minute = 60n * second;
const hour = 60n * minute;
const day = 24n * hour;

const units: Readonly<Record<string, bigint>> = {
  ms: millisecond,
  s: second,
  m: minute,
  h: hour,
  d: day,
};

const isoDatetime =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:\d\d)?)?$/;

export function datetimeFromMilliseconds(epochMs: number): bigint {
  return BigInt(Math.trunc(epochMs)) * millisecond;
}

/** ISO 8601, a time without zone being UTC. Anything else is null, as Kusto answers for what it cannot read. */
export function parseDatetime(text: string): bigint | null {
  const [, date, time = '00:00', fraction = '', zone = 'Z'] = isoDatetime.exec(text.trim()) ?? [];
  if (date === undefined) return null;

  const seconds = Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(seconds) || rollsOver(date)) return null;
  return datetimeFromMilliseconds(seconds) + BigInt(fraction.padEnd(7, '0').slice(0, 7));
}

/** JavaScript reads February 30th as March 1st. */
function rollsOver(date: string): boolean {
  return !new Date(`${date}T00:00Z`).toISOString().startsWith(date);
}

/** With seven digits, as Azure writes it. */
export function formatDatetime(ticks: bigint): string {
  const sinceMs = ((ticks % millisecond) + millisecond) % millisecond;
  const text = new Date(Number((ticks - sinceMs) / millisecond)).toISOString();
  return `${text.slice(0, -1)}${String(sinceMs).padStart(4, '0')}Z`;
}

/** `1.5h`, `30m`, `-7d`: a number and one of the units `d h m s ms`. */
export function parseTimespan(text: string): bigint | null {
  const [, sign, whole = '0', fraction = '', unit = ''] =
    /^(-?)(\d+)(?:\.(\d+))?(ms|[dhms])$/.exec(text) ?? [];
  const ticks = units[unit];
  if (ticks === undefined) return null;

  const scaled = (BigInt(whole + fraction) * ticks) / 10n ** BigInt(fraction.length);
  return sign === '-' ? -scaled : scaled;
}

/** `1.02:03:04.5000000`: days only when there are any, the fraction only when it is not zero. */
export function formatTimespan(ticks: bigint): string {
  const total = ticks < 0n ? -ticks : ticks;
  const part = (unit: bigint, modulus: bigint) => String((total / unit) % modulus).padStart(2, '0');
  const days = total / day;
  const fraction = total % second;
  return [
    ticks < 0n ? '-' : '',
    days > 0n ? `${days}.` : '',
    `${part(hour, 24n)}:${part(minute, 60n)}:${part(second, 60n)}`,
    fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : '',
  ].join('');
}

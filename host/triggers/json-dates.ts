const dateTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):(\d\d)(?:\.(\d{1,7}))?(z|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * A JSON value as Newtonsoft.Json hands it on, which reads every text that looks like a time and
 * writes it again: without zeros at the end of its fraction, and with an offset in UTC.
 */
export function withNetDates(value: unknown): unknown {
  if (typeof value === 'string') return toNetDate(value);
  if (Array.isArray(value)) return value.map(withNetDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withNetDates(member)]),
  );
}

function toNetDate(text: string): string {
  const match = dateTime.exec(text);
  if (!match || !isOnCalendar(text.slice(0, 19))) return text;
  const [, minute = '', second = '', fraction = '', zone = ''] = match;
  const digits = fraction.replace(/0+$/, '');
  const rest = `:${second}${digits === '' ? '' : `.${digits}`}`;
  if (/^[+-]/.test(zone)) return `${toUtcMinute(minute, zone)}${rest}+00:00`;
  return `${minute}${rest}${zone.toUpperCase()}`;
}

function isOnCalendar(text: string): boolean {
  const time = Date.parse(`${text}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function toUtcMinute(minute: string, zone: string): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const time = Date.parse(`${minute}:00Z`) + (sign === '+' ? -offset : offset);
  return new Date(time).toISOString().slice(0, 16);
}

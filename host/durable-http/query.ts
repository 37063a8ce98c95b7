import type { RuntimeStatus } from '../durable/contract';

/** A value that cannot be read counts as absent, as in the extension. */

export function toBoolean(query: URLSearchParams, name: string, standard: boolean): boolean {
  const value = query.get(name)?.toLowerCase();
  if (value === 'true') return true;
  return value === 'false' ? false : standard;
}

export function toNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name) ?? '';
  return /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** A whole number that fits into 32 bits, as .NET reads one. */
export function toInteger(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name) ?? '';
  const number = /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : undefined;
  return number === (Number(number) | 0) ? number : undefined;
}

/** Epoch milliseconds. */
export function toTime(query: URLSearchParams, name: string): number | undefined {
  const time = Date.parse(query.get(name) ?? '');
  return Number.isNaN(time) ? undefined : time;
}

const statuses: readonly string[] = [
  'Pending',
  'Running',
  'Suspended',
  'Completed',
  'Failed',
  'Terminated',
] satisfies RuntimeStatus[];

/** The known ones of a comma-separated list, letter case counting; undefined if there is none. */
export function toStatuses(query: URLSearchParams): RuntimeStatus[] | undefined {
  const listed = query
    .getAll('runtimeStatus')
    .flatMap((value) => value.split(','))
    .filter((value): value is RuntimeStatus => statuses.includes(value));
  return listed.length > 0 ? listed : undefined;
}

/** The members that have a value. */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

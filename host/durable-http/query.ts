/**
 * Parameters as the extension reads them: names in any letter case, the values of one that is given
 * several times in one text, and a value that cannot be read counts as absent.
 */
export function toText(query: URLSearchParams, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const values = [...query].filter(([key]) => key.toLowerCase() === wanted);
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(',');
}

export function toBoolean(query: URLSearchParams, name: string, standard: boolean): boolean {
  const value = toText(query, name)?.trim().toLowerCase();
  if (value === 'true') return true;
  return value === 'false' ? false : standard;
}

export function toNumber(query: URLSearchParams, name: string): number | undefined {
  const value = toText(query, name) ?? '';
  return /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** A whole number of 32 bits. */
export function toInteger(query: URLSearchParams, name: string): number | undefined {
  const value = toText(query, name) ?? '';
  const number = /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : NaN;
  return (number | 0) === number ? number : undefined;
}

/** Epoch milliseconds. */
export function toTime(query: URLSearchParams, name: string): number | undefined {
  const time = Date.parse(toText(query, name) ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** In the order of their numbers in the extension. */
const statuses: readonly string[] = [
  'Running',
  'Completed',
  'ContinuedAsNew',
  'Failed',
  'Canceled',
  'Terminated',
  'Pending',
  'Suspended',
];

/**
 * The known ones of a comma-separated list, letter case counting, or their numbers; undefined if there
 * is none.
 */
export function toStatuses(query: URLSearchParams): string[] | undefined {
  const listed = (toText(query, 'runtimeStatus') ?? '')
    .split(',')
    .map((value) => value.trim())
    .map((value) => (/^[+-]?\d+$/.test(value) ? (statuses[Number(value)] ?? value) : value))
    .filter((value) => statuses.includes(value) || /^[+-]?\d+$/.test(value));
  return listed.length > 0 ? listed : undefined;
}

/** The members that have a value. */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

import type { TypedData } from '../loading/programming-model';
import type { Exchange } from './exchange';

type NullableMap = Record<string, { value: string }>;

/** A request in the form in which the host hands it to the SDK. */
export function toHttpData(
  exchange: Exchange,
  params: Readonly<Record<string, string>>,
  body: Buffer | undefined,
): TypedData {
  return {
    http: {
      url: `${exchange.origin}${exchange.path}${exchange.search}`,
      method: exchange.method,
      nullableHeaders: toNullable(Object.entries(exchange.headers)),
      nullableQuery: toNullable(joinQuery(exchange.query)),
      nullableParams: toNullable(Object.entries(params)),
      ...(body === undefined ? {} : { body: { bytes: body } }),
    },
  };
}

/** A name that comes again, in whatever letter case, adds to the first; it is written as the second. */
function joinQuery(query: URLSearchParams): [string, string][] {
  const joined = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of query) {
    const found = joined.get(name.toLowerCase());
    if (!found) joined.set(name.toLowerCase(), { name, values: [value] });
    else found.values.push(value);
    if (found?.values.length === 2) found.name = name;
  }
  return [...joined.values()].map(({ name, values }) => [name, values.join(',')]);
}

function toNullable(entries: readonly [string, string][]): NullableMap {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}

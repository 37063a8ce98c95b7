import { decodePercent } from './percent-decoding';

/** The parameters of a request. Their names are found in any letter case. */
export class Query extends URLSearchParams {
  override get(name: string): string | null {
    return this.getAll(name)[0] ?? null;
  }

  override getAll(name: string): string[] {
    const wanted = name.toLowerCase();
    return [...this].filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value);
  }
}

/** Reads a query with its `?`; what is not UTF-8 stays encoded, as in ASP.NET Core. */
export function parseQuery(search: string): Query {
  const parts = search.replace(/^\?/, '').split('&');
  const pairs = parts
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    });
  return new Query(pairs.map((pair) => pair.map(decodeForm) as [string, string]));
}

function decodeForm(text: string): string {
  return decodePercent(text.replaceAll('+', ' '));
}

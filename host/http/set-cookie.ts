import { isObject } from '../json';

/**
 * The `Set-Cookie` header for a cookie as the SDK hands it over: optional fields are `{ value }`.
 * @throws Error for what ASP.NET Core does not write: a name that is no token, a negative age
 */
export function toSetCookie(cookie: unknown): string {
  const fields = isObject(cookie) ? cookie : {};
  const field = (name: string): unknown => {
    const value = fields[name];
    return isObject(value) ? value['value'] : value;
  };
  return [
    `${toName(field('name'))}=${escapeData(String(field('value')))}`,
    ...toExpires(field('expires')),
    ...toMaxAge(field('maxAge')),
    ...attribute('domain', field('domain')),
    ...attribute('path', field('path') ?? '/'),
    ...(field('secure') === true ? ['secure'] : []),
    ...toSameSite(field('sameSite')),
    ...(field('httpOnly') === true ? ['httponly'] : []),
  ].join('; ');
}

function toName(name: unknown): string {
  if (typeof name === 'string' && /^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return name;
  throw new Error(
    `The cookie name ${JSON.stringify(name)} is not allowed. Use letters and digits.`,
  );
}

/** Escapes all but letters, digits and `-._~`, as .NET does. */
function escapeData(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Seconds since 1970, as a protobuf timestamp. */
function toExpires(value: unknown): string[] {
  if (!isObject(value) || typeof value['seconds'] !== 'number') return [];
  return [`expires=${new Date(value['seconds'] * 1000).toUTCString()}`];
}

function toMaxAge(value: unknown): string[] {
  if (typeof value !== 'number') return [];
  if (value <= -1) throw new Error(`The cookie age ${value} is negative. Use "expires".`);
  return [`max-age=${Math.trunc(Math.abs(value))}`];
}

function attribute(name: string, value: unknown): string[] {
  return typeof value === 'string' ? [`${name}=${value}`] : [];
}

/** `none` means that the function said nothing; `explicitNone` that it said "none". */
function toSameSite(value: unknown): string[] {
  if (typeof value !== 'string' || value === 'none') return [];
  return [`samesite=${value === 'explicitNone' ? 'none' : value}`];
}

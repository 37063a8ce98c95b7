import { isObject } from '../json';

/** The `Set-Cookie` header for a cookie as the SDK hands it over: optional fields are `{ value }`. */
export function toSetCookie(cookie: unknown): string {
  const fields = isObject(cookie) ? cookie : {};
  const field = (name: string): unknown => {
    const value = fields[name];
    return isObject(value) ? value['value'] : value;
  };
  return [
    `${encodeURIComponent(String(field('name')))}=${encodeURIComponent(String(field('value')))}`,
    ...toExpires(field('expires')),
    ...attribute('max-age', field('maxAge')),
    ...attribute('domain', field('domain')),
    ...attribute('path', field('path') ?? '/'),
    ...(field('secure') === true ? ['secure'] : []),
    ...toSameSite(field('sameSite')),
    ...(field('httpOnly') === true ? ['httponly'] : []),
  ].join('; ');
}

/** Seconds since 1970, as a protobuf timestamp. */
function toExpires(value: unknown): string[] {
  if (!isObject(value) || typeof value['seconds'] !== 'number') return [];
  return [`expires=${new Date(value['seconds'] * 1000).toUTCString()}`];
}

function attribute(name: string, value: unknown): string[] {
  return typeof value === 'string' || typeof value === 'number' ? [`${name}=${value}`] : [];
}

/** `none` means that the function said nothing; `explicitNone` that it said "none". */
function toSameSite(value: unknown): string[] {
  if (typeof value !== 'string' || value === 'none') return [];
  return [`samesite=${value === 'explicitNone' ? 'none' : value}`];
}

import type { RecordsPlace } from '../domain/records';
import type { Setting } from './setting';

/** Forms that values have. */
type Form<T> = Pick<Setting<T>, 'form' | 'parse'>;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isGuid = (text: string): boolean => guid.test(text);

export const clientId: Form<string> = {
  form: 'the client id of an identity, a GUID',
  parse: (text) => (isGuid(text.toLowerCase()) ? text.toLowerCase() : undefined),
};

export const subscriptionIds: Form<readonly string[]> = {
  form: 'ids of subscriptions, separated by commas',
  parse: (text) => {
    const ids = text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((part) => part !== '');
    return ids.length > 0 && ids.every(isGuid) ? ids : undefined;
  },
};

/** Without a slash at the end: paths are appended, and the base of a token scope has none. */
export const webAddress: Form<string> = {
  form: 'an address that begins with https:// or http://',
  parse: (text) => (isWebAddress(text) ? text.replace(/\/+$/, '') : undefined),
};

export const recordsPlace: Form<RecordsPlace> = {
  form: 'sqlite:<file> or tables:<URI of a table service>',
  parse: (text) => {
    const [, kind, place = ''] = /^(sqlite|tables):(.+)$/.exec(text) ?? [];
    if (kind === 'sqlite') return { kind, file: place };
    const url = isSafe(place) ? webAddress.parse(place) : undefined;
    return kind === 'tables' && url !== undefined ? { kind, url } : undefined;
  },
};

/** What the host checks of a schedule is more; it says so when it starts. */
export const schedule: Form<string> = {
  form: 'six fields of NCRONTAB: second minute hour day month weekday',
  parse: (text) => (/^[\w*/,-]+( +[\w*/,-]+){5}$/.test(text) ? text : undefined),
};

/** Tokens do not go over a network in the clear; an emulator is on this machine. */
function isSafe(address: string): boolean {
  return /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/.test(address);
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^/\s]/.test(text) && URL.canParse(text);
}

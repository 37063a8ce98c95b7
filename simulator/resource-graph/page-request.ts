import { createHash } from 'node:crypto';

import { isObject, objectAt } from '../json';
import type { Json, JsonObject } from '../json';
import { momentOf } from './moment';
import type { Moment } from './moment';
import type { World } from '../world';

const largestPage = 1000;
/** "By default, Resource Graph limits any query to returning only 1,000 records": the article on large data sets. */
const defaultPage = 1000;
const largestSkip = 10_000_000;

/** Which part of an answer is asked for. */
export interface PageRequest {
  readonly skip: number;
  readonly top: number;
  readonly moment: Moment;
  /** Whether it continues an answer. */
  readonly continued: boolean;
  /** The same for all pages of an answer. */
  readonly question: string;
}

/** Undefined for numbers out of range and for a token that is not of an answer to this query. */
export function pageRequest(body: Json | undefined, world: World): PageRequest | undefined {
  const options = objectAt(body, 'options');
  const top = wholeNumber(options['$top'] ?? defaultPage, largestPage);
  if (top === undefined || top === 0) return undefined;
  const question = questionOf(objectAt(body));
  const token = options['$skipToken'];
  if (token !== undefined && token !== null) {
    const found = readToken(token);
    if (found?.question !== question) return undefined;
    return { ...found, top, continued: true };
  }
  const skip = wholeNumber(options['$skip'] ?? 0, largestSkip);
  if (skip === undefined) return undefined;
  return { skip, top, moment: momentOf(world), question, continued: false };
}

/** The token of the page that begins at `skip`: opaque to callers, and good after a restart. */
export function tokenFor({ moment, question }: PageRequest, skip: number): string {
  const { time, change, lag } = moment;
  return Buffer.from(JSON.stringify({ skip, time, change, lag, question })).toString('base64');
}

function readToken(token: Json): Omit<PageRequest, 'top' | 'continued'> | undefined {
  try {
    const text = Buffer.from(typeof token === 'string' ? token : '', 'base64').toString();
    const { skip, time, change, lag, question } = objectAt(JSON.parse(text) as Json);
    const from = wholeNumber(skip, largestSkip);
    if (from === undefined || typeof time !== 'number' || typeof change !== 'number') {
      return undefined;
    }
    if (!isLag(lag) || typeof question !== 'string') return undefined;
    return { skip: from, moment: { time, change, lag }, question };
  } catch {
    return undefined; // not JSON: not our token
  }
}

function isLag(value: Json | undefined): value is Moment['lag'] & JsonObject {
  if (!isObject(value)) return false;
  const tables = [value['lagByTable'], value['lagByType']];
  const numbers = tables.flatMap((table) => (isObject(table) ? Object.values(table) : [undefined]));
  return [value['lagSeconds'], ...numbers].every((lag) => typeof lag === 'number');
}

/** What may not change from page to page: query, scope and format. */
function questionOf({ query, subscriptions, managementGroups }: JsonObject): string {
  const text = JSON.stringify([query, subscriptions ?? [], managementGroups ?? []]);
  return createHash('sha256').update(text).digest('base64').slice(0, 16);
}

function wholeNumber(value: Json | undefined, most: number): number | undefined {
  const valid = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
  return valid ? value : undefined;
}

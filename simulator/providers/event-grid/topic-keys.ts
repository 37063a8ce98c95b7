import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { at, withAt } from '../../json';
import type { Resource } from '../../resource-store';
import type { World } from '../../world';

type KeyName = 'key1' | 'key2';

/** The keys of a custom topic. They follow from the seed, so the same world has the same keys. */
export function keysOf(topic: Resource, { seed }: World): Readonly<Record<KeyName, string>> {
  const key = (name: KeyName): string => {
    const nth = Number(at(topic.$truth, 'keys', name) ?? 0);
    const text = seed.guid('topic key', topic.id.toLowerCase(), name, nth);
    return createHash('sha256').update(text).digest('base64');
  };
  return { key1: key('key1'), key2: key('key2') };
}

/** The topic once one of its keys is another one. */
export function renewedKey(topic: Resource, name: KeyName): Resource {
  const nth = Number(at(topic.$truth, 'keys', name) ?? 0);
  return withAt(topic, ['$truth', 'keys', name], nth + 1);
}

/** Whether the key is one of the two. */
export function isKeyOf(key: string, topic: Resource, world: World): boolean {
  return Object.values(keysOf(topic, world)).some((own) => areEqual(own, key));
}

/** A token `r={resource}&e={expiry}&s={signature}`: signed with a key, and not out of date. */
export function isSignedFor(token: string, topic: Resource, world: World): boolean {
  const [, signed = '', signature = ''] = /^(r=.*&e=[^&]*)&s=([^&]*)$/.exec(token) ?? [];
  const expiry = Date.parse(new URLSearchParams(signed).get('e') ?? '');
  if (Number.isNaN(expiry) || expiry < world.clock.now()) return false;
  const given = decodeURIComponentSafely(signature);
  return Object.values(keysOf(topic, world)).some((key) => {
    const hmac = createHmac('sha256', Buffer.from(key, 'base64'));
    return areEqual(hmac.update(signed).digest('base64'), given);
  });
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken escape is no signature.
    return '';
  }
}

function areEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

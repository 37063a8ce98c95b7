import { isObject } from '../json';
import type { JsonObject } from '../json';

export interface Jwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** What the signature is made of. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Takes a token apart; undefined for what is no token. Says nothing about its signature. */
export function readJwt(token: string): Jwt | undefined {
  const [header = '', claims = '', signature = '', ...rest] = token.split('.');
  const read = [header, claims].map(decode);
  if (rest.length > 0 || !read.every(isObject)) return undefined;
  const [head = {}, body = {}] = read;
  return {
    header: head,
    claims: body,
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

export function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

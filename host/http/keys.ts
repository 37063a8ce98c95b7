import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { readJsonObject, writePrivateJson } from '../files';
import { HostError } from '../host-error';
import { isObject, type JsonObject } from '../json';
import { type Exchange, firstHeader } from './exchange';

/** The keys of a host, in the form of the file that holds them. */
export interface HostKeys {
  readonly master: string;
  /** Open every function-level route */
  readonly functionKeys: Readonly<Record<string, string>>;
  /** Open the webhook of one extension: `durabletask_extension`, `eventgrid_extension` */
  readonly systemKeys: Readonly<Record<string, string>>;
  /** Open one function: its name, then the names of its keys */
  readonly functions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Keys to use instead of generated ones. */
export type GivenKeys = Partial<HostKeys>;

/** What a presented key may do. `system` names the extension key, without `_extension`. */
export type AccessLevel =
  | { readonly level: 'admin' | 'function' | 'anonymous' }
  | { readonly level: 'system'; readonly extension: string };

/**
 * The keys in the file, those given in their place, and new ones for what neither has. They are
 * written back, readable for the owner of the file alone.
 */
export function loadKeys(path: string, given: GivenKeys | undefined): HostKeys {
  const stored = toKeys(readJsonObject(path) ?? {}, path);
  const master = given?.master ?? stored.master ?? newKey();
  const keys: HostKeys = {
    master,
    functionKeys: given?.functionKeys ?? stored.functionKeys ?? { default: newKey() },
    systemKeys: {
      eventgrid_extension: newKey(),
      durabletask_extension: newKey(),
      ...stored.systemKeys,
      ...given?.systemKeys,
    },
    functions: { ...stored.functions, ...given?.functions },
  };
  writePrivateJson(path, keys);
  return keys;
}

/**
 * Reads a file of keys.
 * @throws HostError when it holds anything else
 */
export function readKeysFile(path: string): GivenKeys {
  const file = readJsonObject(path);
  if (!file) throw new HostError(`There is no file ${path}. Give the path of a keys file.`);
  return toKeys(file, path);
}

/** 256 random bits. */
function newKey(): string {
  return randomBytes(32).toString('base64url');
}

function toKeys(file: JsonObject, path: string): GivenKeys {
  const { master, functionKeys, systemKeys, functions } = file;
  if (master !== undefined && typeof master !== 'string') throw malformed(path, 'master');
  return {
    ...(master === undefined ? {} : { master }),
    ...(functionKeys === undefined ? {} : { functionKeys: texts(functionKeys, path) }),
    ...(systemKeys === undefined ? {} : { systemKeys: texts(systemKeys, path) }),
    ...(functions === undefined ? {} : { functions: textGroups(functions, path) }),
  };
}

function texts(value: unknown, path: string): Record<string, string> {
  if (!isObject(value)) throw malformed(path, 'keys by name');
  return Object.fromEntries(
    Object.entries(value).map(([name, key]) => {
      if (typeof key !== 'string' || key === '') throw malformed(path, name);
      return [name, key];
    }),
  );
}

function textGroups(value: unknown, path: string): Record<string, Record<string, string>> {
  if (!isObject(value)) throw malformed(path, 'functions');
  return Object.fromEntries(
    Object.entries(value).map(([name, keys]) => [name, texts(keys, path)] as const),
  );
}

function malformed(path: string, what: string): HostError {
  return new HostError(`${path} does not hold a key for "${what}". Write each key as a text.`);
}

/**
 * The level of a presented key, for a function or, without a name, for the host itself. Every key is
 * compared, each in constant time.
 */
export function accessLevel(
  keys: HostKeys,
  presented: string | undefined,
  functionName = '',
): AccessLevel {
  if (presented === undefined || presented === '') return { level: 'anonymous' };
  const digest = toDigest(presented);
  const matches = (key: string): boolean => timingSafeEqual(digest, ownDigest(key));
  const isMaster = matches(keys.master);
  const [system] = Object.entries(keys.systemKeys).filter(([, key]) => matches(key));
  const own = Object.entries(keys.functions)
    .filter(([name]) => name.toLowerCase() === functionName.toLowerCase())
    .flatMap(([, group]) => Object.values(group));
  const isFunction = [...Object.values(keys.functionKeys), ...own].filter(matches).length > 0;
  if (isMaster) return { level: 'admin' };
  if (system) return { level: 'system', extension: system[0].replace(/_extension$/, '') };
  return { level: isFunction ? 'function' : 'anonymous' };
}

const ownDigests = new Map<string, Buffer>();

/** Of a key of the host itself: there are few, and every request is compared with them. */
function ownDigest(key: string): Buffer {
  const digest = ownDigests.get(key) ?? toDigest(key);
  ownDigests.set(key, digest);
  return digest;
}

function toDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The key of a request: its header, even an empty one, wins over its query. */
export function presentedKey(exchange: Exchange): string | undefined {
  return firstHeader(exchange, 'x-functions-key') ?? exchange.query.get('code') ?? undefined;
}

import type { EntityRef } from '../contract';

/** What an entity is sent. */
export type EntityMessage = Operation | LockRequest | Release;

export interface Operation {
  readonly kind: 'operation';
  readonly id: string;
  readonly operation: string;
  /** JSON text. */
  readonly input: string | undefined;
  /** Who waits for the result; nobody waits for the result of a signal. */
  readonly caller: Caller | undefined;
  /** The instance that sent it, if one did: what holds a lock goes first. */
  readonly sender: string | undefined;
}

export interface LockRequest {
  readonly kind: 'lock';
  readonly id: string;
  readonly sender: string;
  readonly caller: Caller;
  /** Entities still to be locked after this one. */
  readonly then: readonly string[];
}

export interface Release {
  readonly kind: 'release';
  readonly id: string;
  readonly sender: string;
}

/** Where an answer goes. */
export interface Caller {
  readonly key: number;
}

/** `@name@key`, with the name in lower case: the same entity always has the same id. */
export function entityId({ name, key }: EntityRef): string {
  return `@${name.toLowerCase()}@${key}`;
}

export function entityRef(id: string): EntityRef {
  const at = id.indexOf('@', 1);
  return { name: id.slice(1, at), key: id.slice(at + 1) };
}

import type { Behaviour } from './behaviour';
import type { SimulatedClock } from './clock';
import type { SigningKey } from './entra/signing-key';
import type { JsonObject } from './json';
import type { ObjectStore } from './kubernetes/objects/object-store';
import type { ProbeStore } from './kubernetes/tokens/probe-store';
import type { TokenLog } from './kubernetes/tokens/token-log';
import type { Operation, OperationError, Operations } from './operation-store';
import type { ResourceHistory } from './resource-history';
import type { ResourceStore } from './resource-store';
import type { Seed } from './seed';

/** Something that happened to a resource, before Event Grid gives it an envelope. */
export interface WorldEvent {
  readonly type: string;
  /** Id of the resource whose topic carries the event. */
  readonly topic: string;
  readonly subject: string;
  readonly time: number;
  readonly data: JsonObject;
}

/** Everything a route may depend on. No ambient clock, no ambient randomness: a seed replays a day. */
export interface World {
  readonly tenantId: string;
  /** When this world began, in epoch milliseconds of its own time. */
  readonly since: number;
  readonly clock: SimulatedClock;
  readonly seed: Seed;
  readonly behaviour: Behaviour;
  readonly resources: ResourceStore;
  /** What is inside of the clusters. */
  readonly objects: ObjectStore;
  /** What apps inside of clusters got when they asked for tokens. */
  readonly probes: ProbeStore;
  readonly tokenLog: TokenLog;
  /** Signs every token, those of clusters included. */
  readonly key: SigningKey;
  readonly history: ResourceHistory;
  readonly operations: Operations;
  /** Next GUID of this world's sequence. */
  guid(): string;
  /** Performs the named effect at a later time, also after a restart. */
  later(time: number, effect: string, details: JsonObject): void;
  operationKind(name: string): OperationKind;
  /** When a region that is down now is up again. */
  outageEnd(location: string): number | undefined;
  emit(event: WorldEvent): void;
}

/** What an operation does to the world when it ends. */
export interface OperationKind {
  readonly succeed: (operation: Operation, world: World) => void;
  readonly fail: (operation: Operation, error: OperationError, world: World) => void;
  readonly cancel?: (operation: Operation, world: World) => void;
}

/** Something that happens later without being an operation. */
export type Effect = (details: JsonObject, world: World) => void;

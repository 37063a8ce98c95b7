import { randomUUID } from 'node:crypto';
import type { AzureWays } from './azure-ways';
import type { Commits } from './commits';
import type { EngineOptions, EntityRef, HistoryEvent } from './contract';
import type { Turn } from './entity-batch';
import { nextTurn } from './entity-batch';
import type { Caller, EntityMessage, Operation } from './entity-messages';
import { entityId, entityRef } from './entity-messages';
import type { Entity, EntityStore } from './entity-store';
import { reasonOf, unknownFunction } from './failures';
import { EventType, historyEvent } from './history';
import type { Mailboxes } from './mailboxes';
import type { Turns } from './turns';
import { Pump } from './turns';

interface Context {
  readonly options: EngineOptions;
  readonly ways: AzureWays;
  readonly commits: Commits;
  readonly entities: EntityStore;
  readonly inbox: Mailboxes<EntityMessage>;
  readonly turns: Turns;
  readonly deliver: (key: number, event: HistoryEvent) => void;
  /** Runs what writes to the store; errors are the store's. */
  readonly guard: (run: () => void) => void;
}

/** What the SDK's handler returns for a batch. */
interface BatchResult {
  readonly entityExists: boolean;
  readonly entityState?: string | null;
  readonly results: readonly { readonly isError: boolean; readonly result?: string }[];
  readonly signals: readonly {
    readonly target: { readonly name: string; readonly key: string };
    readonly name: string;
    readonly input?: string;
  }[];
}

/** Runs entities: each one at a time, its messages in order. */
export class Entities {
  private readonly context: Context;
  private readonly pump: Pump;
  private readonly ready = new Set<number>();
  private readonly running = new Set<number>();
  private epoch = 0;

  constructor(context: Context) {
    this.context = context;
    this.pump = new Pump(context.turns, () => {
      this.start();
    });
  }

  get active(): number {
    return this.running.size;
  }

  /** Sends a message; it is looked at once it is on disk. */
  send(id: string, message: EntityMessage): void {
    const { entities, inbox, options } = this.context;
    const key = entities.keyOf(id, options.clock.now());
    inbox.put(key, message);
    this.wake(key);
  }

  /** Removes an entity with its state, its lock and everything that waits for it. */
  remove(key: number): void {
    this.context.inbox.drop(key);
    this.context.entities.remove(key);
  }

  wake(key: number): void {
    const { epoch } = this;
    this.context.commits.after(() => {
      if (epoch !== this.epoch) return;
      this.ready.add(key);
      this.pump.request();
    });
  }

  reset(): void {
    this.epoch += 1;
    this.ready.clear();
    this.running.clear();
  }

  stop(): void {
    this.epoch += 1;
    this.pump.stop();
  }

  private start(): void {
    const limit = this.context.options.settings.maxConcurrentEntityFunctions;
    for (const key of this.ready) {
      if (this.running.size >= limit) return;
      if (this.running.has(key)) continue;
      this.ready.delete(key);
      this.running.add(key);
      void this.run(key);
    }
  }

  private async run(key: number): Promise<void> {
    const { epoch } = this;
    try {
      await this.takeTurn(key, epoch);
    } catch (error) {
      this.context.options.log('error', `Entity ${key} cannot be run: ${reasonOf(error)}`);
    }
    if (epoch !== this.epoch) return;
    this.running.delete(key);
    this.pump.request();
  }

  private async takeTurn(key: number, epoch: number): Promise<void> {
    const { entities, inbox, options } = this.context;
    const entity = entities.load(key);
    if (entity === undefined) return;
    const arrived = inbox.waiting(key);
    const turn = nextTurn(entity, arrived, options.settings.maxEntityOperationBatchSize);
    const result = turn.operations.length === 0 ? undefined : await this.call(entity, turn);
    if (epoch !== this.epoch) return;
    this.context.guard(() => {
      inbox.consume(key, arrived.length);
      this.settle(entity, turn, result);
    });
  }

  private async call(entity: Entity, { operations }: Turn): Promise<BatchResult> {
    const { options } = this.context;
    const self = entityRef(entity.id);
    const batch = operations.map(({ operation, input, caller, id }) => ({
      ...{ name: operation, input: input ?? null, isSignal: caller === undefined, id },
    }));
    const { exists, state, id: instanceId } = entity;
    const trigger = { self, exists, state: state ?? null, batch };
    const functionName = options.registered('entity', self.name);
    try {
      if (functionName === undefined)
        throw new Error(unknownFunction('entity', self.name, options.names?.('entity') ?? []));
      const call = { kind: 'entity', functionName, trigger, instanceId } as const;
      return (await options.invoke(call)) as BatchResult;
    } catch (thrown) {
      const result = JSON.stringify(reasonOf(thrown));
      const results = operations.map(() => ({ isError: true, result }));
      return { entityExists: exists, entityState: state ?? null, results, signals: [] };
    }
  }

  /** State, answers, signals and locks of one turn, written together. */
  private settle(entity: Entity, turn: Turn, result: BatchResult | undefined): void {
    for (const { id, caller, sender, then } of turn.granted) {
      const [next, ...rest] = then;
      if (next === undefined) this.answer(caller, id, { result: 'Lock Acquisition Completed' });
      else this.send(next, { kind: 'lock', id, sender, caller, then: rest });
    }
    if (result !== undefined) this.apply(entity, turn.operations, result);
    const expectsMore = !this.context.inbox.isEmpty(entity.key);
    this.context.entities.save(entity, expectsMore);
    const moved = turn.operations.length + turn.granted.length > 0;
    if (expectsMore || (moved && entity.waiting.length > 0)) this.wake(entity.key);
  }

  private apply(entity: Entity, operations: readonly Operation[], result: BatchResult): void {
    entity.exists = result.entityExists;
    entity.state = result.entityExists ? (result.entityState ?? undefined) : undefined;
    entity.updatedAt = this.context.options.clock.now();
    operations.forEach(({ caller, id }, index) => {
      const { isError = false, result: value } = result.results[index] ?? {};
      const body = { result: value ?? null, ...(isError ? { exceptionType: 'Error' } : {}) };
      if (caller !== undefined) this.answer(caller, id, body);
    });
    for (const { target, name, input } of result.signals) {
      const message = { kind: 'operation', id: randomUUID(), operation: name } as const;
      const sender = entity.id;
      this.send(this.addressOf(target), {
        ...message,
        input: input === '' ? undefined : input,
        caller: undefined,
        sender,
      });
    }
  }

  private addressOf(target: EntityRef): string {
    const { name, key } = target;
    return this.context.ways.signalsNamesAsWritten ? `@${name}@${key}` : entityId(target);
  }

  private answer(caller: Caller, id: string, body: unknown): void {
    const fields = { Name: id, Input: JSON.stringify(body) };
    const at = this.context.options.clock.now();
    this.context.deliver(caller.key, historyEvent(EventType.EventRaised, at, fields));
  }
}

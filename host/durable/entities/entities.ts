import { randomUUID } from 'node:crypto';
import type { AzureWays } from '../azure-ways';
import type { Commits } from '../store/commits';
import type { EngineOptions, EntityRef, HistoryEvent } from '../contract';
import type { Turn } from './entity-batch';
import { nextTurn } from './entity-batch';
import type { Caller, EntityMessage, Operation } from './entity-messages';
import { entityId } from './entity-messages';
import type { Entity, EntityStore } from './entity-store';
import { reasonOf } from '../failures';
import { batchHazards } from '../hazards/entities';
import { judge } from '../hazards/strictness';
import { EventType, historyEvent } from '../history';
import type { Mailboxes } from '../store/mailboxes';
import type { BatchResult, SdkProtocol } from '../sdk/sdk-protocol';
import type { Turns } from '../turns';
import { Pump } from '../turns';

interface Context {
  readonly options: EngineOptions;
  readonly protocol: SdkProtocol;
  readonly ways: AzureWays;
  readonly commits: Commits;
  readonly entities: EntityStore;
  readonly inbox: Mailboxes<EntityMessage>;
  readonly turns: Turns;
  readonly deliver: (key: number, event: HistoryEvent) => void;
  /** Runs what writes to the store; errors are the store's. */
  readonly guard: (run: () => void) => void;
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
    const { entities, inbox, options, protocol } = this.context;
    const entity = entities.load(key);
    if (entity === undefined) return;
    const arrived = inbox.waiting(key);
    const turn = nextTurn(entity, arrived, options.settings.maxEntityOperationBatchSize);
    const { operations } = turn;
    const result = operations.length === 0 ? undefined : await protocol.operate(entity, operations);
    if (epoch !== this.epoch) return;
    this.context.guard(() => {
      inbox.consume(key, arrived.length);
      this.settle(entity, turn, result);
    });
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
    const refusals = this.refusals(entity, operations, result);
    entity.exists = result.entityExists;
    entity.state = stateAfter(result);
    entity.updatedAt = this.context.options.clock.now();
    operations.forEach(({ caller, id }, index) => {
      const { isError = false, result: value } = refusals.get(id) ?? result.results[index] ?? {};
      const body = { result: value ?? null, ...(isError ? { exceptionType: 'Error' } : {}) };
      if (caller !== undefined) this.answer(caller, id, body);
    });
    for (const { target, name, input, requestId = '' } of result.signals) {
      if (refusals.has(requestId)) continue;
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

  /** What strict mode answers to operations instead of what they came to. */
  private refusals(
    entity: Entity,
    operations: readonly Operation[],
    result: BatchResult,
  ): ReadonlyMap<string, BatchResult['results'][number]> {
    const { options } = this.context;
    const refusals = new Map<string, BatchResult['results'][number]>();
    if (options.strict === 'off') return refusals;
    const { id: self, state: stateBefore } = entity;
    const batch = { self, operations, stateBefore, stateAfter: stateAfter(result), ...result };
    for (const [id, hazard] of batchHazards(batch)) {
      const refused = judge([hazard], { subject: hazard, name: self }, options);
      if (refused !== undefined) {
        refusals.set(id, { isError: true, result: JSON.stringify(refused.message) });
      }
    }
    return refusals;
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

function stateAfter({ entityExists, entityState }: BatchResult): string | undefined {
  return entityExists ? (entityState ?? undefined) : undefined;
}

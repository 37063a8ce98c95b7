import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ControlResult,
  DurableEngine,
  EngineOptions,
  EntityPage,
  EntityQuery,
  EntityRecord,
  EntityRef,
  HistoryEvent,
  InstancePage,
  InstanceQuery,
  InstanceRecord,
  PurgeFilter,
  StartRequest,
  StartResult,
  Trace,
} from './contract';
import { Core } from './core';
import { entityId } from './entities/entity-messages';
import { isTerminal, recordOf } from './instance';
import { entityInstance, purgeable, queryEntities, queryInstances } from './queries';
import { rewind } from './orchestrations/rewinding';
import { shownHistory } from './shown-history';
import { readTrace } from './trace-data';
import { Upkeep } from './store/upkeep';
import { isJson } from './sdk/values';

/** How often a closing engine looks whether the last function has ended. */
const drainStepMs = 10;

/** How long a start on Azure looks at an id before it writes the instance. */
const startRaceMs = 20;

/** The engine as its callers see it: every answer is given once it is on disk. */
export class Facade implements DurableEngine {
  private readonly core: Core;
  readonly upkeep: Upkeep;
  private readonly database: DatabaseSync;
  private closed = false;

  constructor(options: EngineOptions, database: DatabaseSync) {
    this.database = database;
    this.core = new Core(options, database);
    const { commits, guard, controls } = this.core;
    this.upkeep = new Upkeep(database, {
      ...{ options, commits, guard },
      remove: (instance) => {
        controls.remove(instance);
      },
    });
  }

  async start(request: StartRequest): Promise<StartResult> {
    if (!this.core.ways.acceptsRacingStarts) {
      return this.durably(() => this.core.controls.start(request));
    }
    const conflict = this.core.controls.conflict(request);
    if (conflict !== undefined) return conflict;
    await sleep(startRaceMs);
    return this.durably(() => ({ instanceId: this.core.controls.start(request).instanceId }));
  }

  status(instanceId: string): Promise<InstanceRecord | undefined> {
    return this.durably(() => {
      const instance = this.core.controls.find(instanceId);
      return instance
        ? recordOf(instance)
        : entityInstance(this.database, instanceId, this.core.ways);
    });
  }

  history(instanceId: string): Promise<readonly HistoryEvent[]> {
    return this.durably(() => {
      const instance = this.core.controls.find(instanceId);
      if (instance === undefined) return [];
      return shownHistory(instance, this.core.instances.readHistory(instance.key));
    });
  }

  trace(id: string): Promise<Trace> {
    const look = (): Trace => readTrace(this.database, id);
    // A store that cannot be written may still tell why an instance does not go on.
    return this.core.faults.present ? Promise.resolve().then(look) : this.durably(look);
  }

  query(filter: InstanceQuery): Promise<InstancePage> {
    return this.durably(() => queryInstances(this.database, filter, this.core.ways));
  }

  async raiseEvent(instanceId: string, name: string, input: string): Promise<ControlResult> {
    if (!isJson(input)) throw new TypeError('The input of an event must be JSON text: quote it.');
    return this.durably(() => this.core.controls.raiseEvent(instanceId, name, input));
  }

  terminate(instanceId: string, reason: string | undefined): Promise<ControlResult> {
    return this.durably(() => this.core.controls.terminate(instanceId, reason));
  }

  suspend(instanceId: string, reason: string | undefined): Promise<ControlResult> {
    return this.durably(() => this.core.controls.suspend(instanceId, reason));
  }

  resume(instanceId: string, reason: string | undefined): Promise<ControlResult> {
    return this.durably(() => this.core.controls.resume(instanceId, reason));
  }

  rewind(instanceId: string, reason: string | undefined): Promise<ControlResult> {
    return this.durably(() => rewind(this.core, instanceId, reason));
  }

  restart(instanceId: string, newId: boolean): Promise<StartResult | undefined> {
    return this.durably(() => this.core.controls.restart(instanceId, newId));
  }

  purge(instanceId: string): Promise<ControlResult> {
    return this.durably(() => this.core.controls.purge(instanceId));
  }

  purgeWhere(filter: PurgeFilter): Promise<number> {
    return this.durably(() => {
      const { instances, entities } = purgeable(this.database, filter, this.core.ways);
      for (const key of instances) this.core.controls.remove({ key });
      for (const key of entities) this.core.entities.remove(key);
      return instances.length + entities.length;
    });
  }

  signalEntity(entity: EntityRef, operation: string, input?: string): Promise<ControlResult> {
    return this.durably(() => {
      if (this.core.options.registered('entity', entity.name) === undefined) return 'not-found';
      this.core.entities.send(entityId(entity), {
        ...{ kind: 'operation', id: randomUUID(), operation, input },
        ...{ caller: undefined, sender: undefined },
      });
      return 'accepted';
    });
  }

  readEntity(ref: EntityRef): Promise<EntityRecord | undefined> {
    return this.durably(() => {
      const entity = this.core.entityStore.find(entityId(ref));
      if (entity?.exists !== true) return undefined;
      const { state, updatedAt: lastOperationAt } = entity;
      return { ...ref, lastOperationAt, ...(state === undefined ? {} : { state }) };
    });
  }

  listEntities(filter: EntityQuery): Promise<EntityPage> {
    return this.durably(() => queryEntities(this.database, filter));
  }

  releaseLocks(): Promise<number> {
    return this.durably(() => {
      const orphaned = this.core.entityStore.held().filter(({ lock }) => {
        const holder = lock && this.core.instances.find(lock.holder);
        return holder === undefined || isTerminal(holder.status);
      });
      for (const { id, lock } of orphaned) {
        if (lock === undefined) continue;
        this.core.entities.send(id, { kind: 'release', id: lock.id, sender: lock.holder });
      }
      return orphaned.length;
    });
  }

  open(): void {
    this.core.open();
    this.upkeep.start();
  }

  async close(drainMs: number): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.upkeep.stop();
    this.core.stop();
    const deadline = performance.now() + drainMs;
    while (this.core.active > 0 && performance.now() < deadline) await sleep(drainStepMs);
    this.core.commits.flush();
    this.core.end();
    this.database.close();
  }

  /** Does something with the store, and answers when everything it saw or wrote is on disk. */
  private async durably<Answer>(act: () => Answer): Promise<Answer> {
    if (this.closed) throw new Error('The durable engine is closed. Start the host again.');
    const { faults, commits } = this.core;
    faults.refuse();
    try {
      const answer = this.core.attempt(act);
      await commits.settled();
      return answer;
    } catch (error) {
      faults.refuse();
      throw error;
    }
  }
}

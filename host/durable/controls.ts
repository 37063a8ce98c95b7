import { randomUUID } from 'node:crypto';
import type { Activities } from './activities/activities';
import type { Alarms } from './orchestrations/alarms';
import type { AzureWays } from './azure-ways';
import type {
  ControlResult,
  EngineOptions,
  HistoryEvent,
  StartRequest,
  StartResult,
} from './contract';
import type { ChildStart } from './dispatch';
import type { Entities } from './entities/entities';
import type { EntityStore } from './entities/entity-store';
import { EventType, historyEvent } from './history';
import type { Instance, NewInstance } from './instance';
import { isTerminal, newExecutionId } from './instance';
import type { InstanceStore } from './store/instance-store';
import type { Mailboxes } from './store/mailboxes';
import { startEvent } from './orchestrations/settling';

interface Context {
  readonly options: EngineOptions;
  readonly ways: AzureWays;
  readonly entities: Entities;
  readonly entityStore: EntityStore;
  readonly instances: InstanceStore;
  readonly inbox: Mailboxes<HistoryEvent>;
  readonly activities: Activities;
  readonly alarms: Alarms;
  readonly deliver: (key: number, event: HistoryEvent) => void;
}

/** Starts, messages and removals: what callers and parents do to instances. */
export class Controls {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  /** The instance of this id that callers may know of. */
  find(instanceId: string): Instance | undefined {
    const found = this.context.instances.find(instanceId);
    if (found === undefined || !this.context.ways.hidesUnstartedChildren) return found;
    return found.status === 'Pending' && found.parent !== undefined ? undefined : found;
  }

  /** The live instance that keeps another one with its id from starting. */
  conflict({ instanceId }: StartRequest): StartResult | undefined {
    const { overridableExistingInstanceStates: overridable } = this.context.options.settings;
    const existing = instanceId === undefined ? undefined : this.find(instanceId);
    if (existing === undefined || isTerminal(existing.status) || overridable === 'AnyState') {
      return undefined;
    }
    return { instanceId: existing.id, conflict: existing.status };
  }

  start(request: StartRequest, executionId: string = randomUUID()): StartResult {
    const conflict = this.conflict(request);
    if (conflict !== undefined) return conflict;
    const instanceId = request.instanceId ?? randomUUID().replaceAll('-', '');
    const { functionName: name, input, version } = request;
    const made = { id: instanceId, name, input, version, parent: undefined };
    this.create(made, executionId);
    return { instanceId };
  }

  /** An explicit id that is in use replaces that instance, whatever its state. */
  startChild(child: ChildStart): void {
    this.create(child, newExecutionId());
  }

  /** Starts again with the stored input, as the version that starts have by now. */
  restart(instanceId: string, newId: boolean): StartResult | undefined {
    const existing = this.find(instanceId);
    if (existing === undefined) return undefined;
    const { name, input } = existing;
    const request = {
      functionName: name,
      ...(newId ? {} : { instanceId }),
      ...(input === undefined ? {} : { input }),
    };
    return this.start(request, newExecutionId());
  }

  raiseEvent(instanceId: string, name: string, input: string): ControlResult {
    return this.send(instanceId, EventType.EventRaised, { Name: name, Input: input });
  }

  terminate(instanceId: string, reason: string | undefined): ControlResult {
    return this.send(instanceId, EventType.ExecutionTerminated, { Input: reason ?? null });
  }

  suspend(instanceId: string, reason: string | undefined): ControlResult {
    const status = this.find(instanceId)?.status;
    if (status === 'Suspended') return 'wrong-state';
    return this.send(instanceId, EventType.ExecutionSuspended, { Reason: reason ?? null });
  }

  resume(instanceId: string, reason: string | undefined): ControlResult {
    const status = this.find(instanceId)?.status;
    if (status === 'Running' || status === 'Pending') return 'wrong-state';
    return this.send(instanceId, EventType.ExecutionResumed, { Reason: reason ?? null });
  }

  purge(instanceId: string): ControlResult {
    const existing = this.find(instanceId);
    if (existing === undefined) return this.purgeEntity(instanceId);
    if (!isTerminal(existing.status)) return 'wrong-state';
    this.remove(existing);
    return 'accepted';
  }

  private purgeEntity(id: string): ControlResult {
    const entity = this.context.entityStore.find(id);
    if (entity === undefined) return 'not-found';
    this.context.entities.remove(entity.key);
    return 'accepted';
  }

  /** Removes an instance and everything addressed to it. */
  remove({ key }: Pick<Instance, 'key'>): void {
    const { inbox, activities, alarms, instances } = this.context;
    inbox.drop(key);
    activities.clear(key);
    alarms.clear(key);
    instances.remove(key);
  }

  private create(made: Omit<NewInstance, 'executionId' | 'createdAt'>, executionId: string): void {
    const { options, instances, deliver } = this.context;
    const existing = instances.find(made.id);
    if (existing !== undefined) this.remove(existing);
    const createdAt = options.clock.now();
    const version = made.version ?? options.settings.defaultVersion;
    const instance = instances.insert({
      ...made,
      version,
      executionId,
      createdAt,
    });
    deliver(instance.key, startEvent(instance, createdAt));
  }

  private send(
    instanceId: string,
    type: number,
    fields: Readonly<Record<string, unknown>>,
  ): ControlResult {
    const { entityStore, options, deliver } = this.context;
    const instance = this.find(instanceId);
    // An entity takes what is meant for orchestrations, and makes nothing of it.
    if (instance === undefined) return entityStore.find(instanceId) ? 'accepted' : 'not-found';
    if (isTerminal(instance.status)) return 'completed';
    deliver(instance.key, historyEvent(type, options.clock.now(), fields));
    return 'accepted';
  }
}

import type { DatabaseSync } from 'node:sqlite';
import { Activities } from './activities/activities';
import { Alarms } from './orchestrations/alarms';
import type { AzureWays } from './azure-ways';
import { azureWays } from './azure-ways';
import { Commits } from './store/commits';
import type { EngineOptions, HistoryEvent } from './contract';
import { Controls } from './controls';
import type { Dispatch } from './dispatch';
import { durableFunctions3 } from './sdk/durable-functions-3';
import { Entities } from './entities/entities';
import type { EntityMessage } from './entities/entity-messages';
import { entityRequest } from './entities/entity-requests';
import { EntityStore } from './entities/entity-store';
import { reasonOf } from './failures';
import { lockHeldHazard } from './hazards/entities';
import { judge, placeOf } from './hazards/strictness';
import { EventType, historyEvent } from './history';
import { type Instance, isTerminal } from './instance';
import { InstanceStore } from './store/instance-store';
import { storedDelayMs } from './orchestrations/timer-delays';
import { Mailboxes } from './store/mailboxes';
import { formatMessage, parseMessage } from './messages';
import { Orchestrations } from './orchestrations/orchestrations';
import { settle } from './orchestrations/settling';
import { StoreFaults } from './store/store-faults';
import { Turns } from './turns';

const isTimer = (id: number) => (event: HistoryEvent) =>
  event.EventType === EventType.TimerCreated && event.EventId === id;

/** The parts of the engine, put together. */
export class Core {
  readonly options: EngineOptions;
  readonly ways: AzureWays;
  readonly commits: Commits;
  readonly instances: InstanceStore;
  readonly inbox: Mailboxes<HistoryEvent>;
  readonly activities: Activities;
  readonly alarms: Alarms;
  readonly orchestrations: Orchestrations;
  readonly entityStore: EntityStore;
  readonly entities: Entities;
  readonly controls: Controls;
  readonly faults: StoreFaults;
  private readonly entityInbox: Mailboxes<EntityMessage>;
  private readonly turns: Turns;
  private state: 'new' | 'open' | 'closed' = 'new';

  constructor(options: EngineOptions, database: DatabaseSync) {
    this.options = options;
    const ways = azureWays(options.strict);
    this.ways = ways;
    this.turns = new Turns(options.courtesy);
    this.commits = new Commits(database, {
      beforeCommit: () => {
        this.writePutOff();
      },
      failed: (error) => {
        this.recoverFrom(error);
      },
    });
    this.faults = new StoreFaults(database, { options, reopen: this.reopen });
    const { commits, turns } = this;
    this.instances = new InstanceStore(database, commits);
    this.inbox = new Mailboxes(database, 'inbox', commits);
    this.entityInbox = new Mailboxes(database, 'entity_inbox', commits);
    this.entityStore = new EntityStore(database, commits, ways);
    const protocol = durableFunctions3(options, this.isLive);
    const working = { commits, turns, guard: this.guard, deliver: this.deliver };
    const shared = { options, ways, protocol, ...working };
    const ringing = { clock: options.clock, fire: this.fireTimer, letGoAt: this.letGoAt };
    this.alarms = new Alarms(database, { ...shared, ...ringing });
    this.activities = new Activities(database, shared);
    const { instances, inbox, activities, alarms, entityStore } = this;
    const entities = new Entities({ ...shared, entities: entityStore, inbox: this.entityInbox });
    this.entities = entities;
    const parts = { instances, inbox, activities, alarms, entities, entityStore };
    this.controls = new Controls({ ...shared, ...parts });
    const settling = { ...this.dispatch(), deliver: this.deliver, instances, inbox };
    this.orchestrations = new Orchestrations({
      ...shared,
      ...{ instances, inbox },
      settle: (run, outcome) => {
        settle(settling, run, outcome);
        if (outcome.end?.status === 'Terminated') this.noteLocks(run.instance);
      },
    });
  }

  /** Takes up everything that the store holds. */
  open(): void {
    this.state = 'open';
    const messages = this.readable(parseMessage);
    for (const key of this.inbox.recover(messages)) this.orchestrations.wake(key);
    const busy = this.entityInbox.recover(
      this.readable((text) => JSON.parse(text) as EntityMessage),
    );
    for (const key of [...busy, ...this.entityStore.busy()]) this.entities.wake(key);
    this.activities.recover();
    this.alarms.start();
  }

  /** Starts nothing more. */
  stop(): void {
    this.faults.stop();
    this.alarms.stop();
    this.activities.stop();
    this.orchestrations.stop();
    this.entities.stop();
  }

  /** From here on, whatever still comes in is ignored. */
  end(): void {
    this.state = 'closed';
  }

  get active(): number {
    return this.activities.active + this.orchestrations.active + this.entities.active;
  }

  private readonly isLive = (id: string): boolean => {
    const found = this.instances.find(id);
    return found !== undefined && !isTerminal(found.status);
  };

  readonly deliver = (key: number, event: HistoryEvent): void => {
    this.inbox.put(key, event);
    if (this.state === 'open') this.orchestrations.wake(key);
  };

  readonly guard = (run: () => void): void => {
    if (this.state === 'closed' || this.faults.present) return;
    try {
      this.attempt(run);
    } catch {
      // Logged, and what was written is read again.
    }
  };

  /** Reads and writes the store; if it fails, nothing of this turn counts. */
  attempt<Answer>(act: () => Answer): Answer {
    try {
      return act();
    } catch (error) {
      this.commits.abandon(error);
      this.recoverFrom(error);
      throw error;
    }
  }

  private readonly reopen = (): void => {
    if (this.state !== 'open') return;
    this.guard(() => {
      this.open();
    });
  };

  private readonly letGoAt = (fireAt: number): number => {
    const now = this.options.clock.now();
    return this.ways.firesEarly ? now + storedDelayMs(fireAt - now) : fireAt;
  };

  private readonly fireTimer = (instance: number, timer: number, due: number): void => {
    const FireAt = this.fireAtOf(instance, timer) ?? new Date(due).toISOString();
    const fields = { TimerId: timer, FireAt };
    this.deliver(instance, historyEvent(EventType.TimerFired, this.options.clock.now(), fields));
  };

  /** When a timer that is let go early should have fired. */
  private fireAtOf(instance: number, timer: number): unknown {
    if (!this.ways.firesEarly) return undefined;
    return this.instances.load(instance)?.history.findLast(isTimer(timer))?.['FireAt'];
  }

  /** One damaged message must not keep the rest from being delivered. */
  private readable<Body>(parse: (text: string) => Body): (text: string) => Body | undefined {
    return (text) => {
      try {
        return parse(text);
      } catch (error) {
        this.options.log('error', `A message cannot be read and is left out: ${reasonOf(error)}`);
        return undefined;
      }
    };
  }

  private dispatch(): Dispatch {
    return {
      activities: this.activities,
      alarms: this.alarms,
      startChild: (child) => {
        this.controls.startChild(child);
      },
      sendToEntity: (instance, decision) => {
        const { to, message, event, body } = entityRequest(instance, decision);
        this.entities.send(to, message);
        return { entityId: to, event, body };
      },
    };
  }

  private writePutOff(): void {
    this.inbox.write(formatMessage);
    this.entityInbox.write((message) => JSON.stringify(message));
    this.instances.trim((key) => this.orchestrations.isRunning(key));
  }

  private noteLocks(ended: Instance): void {
    const held = this.entityStore.held().filter(({ lock }) => lock?.holder === ended.id);
    judge(
      held.map(({ id }) => lockHeldHazard(id)),
      placeOf(ended),
      this.options,
    );
  }

  /** What is in memory may be ahead of the store: it is thrown away and read again. */
  private recoverFrom(error: unknown): void {
    this.instances.clear();
    this.inbox.clear();
    this.entityInbox.clear();
    this.orchestrations.reset();
    this.entities.reset();
    this.alarms.stop();
    this.faults.report(error);
  }
}

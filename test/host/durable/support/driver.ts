import { setTimeout as sleep } from 'node:timers/promises';
import type {
  DurableCall,
  DurableEngine,
  EngineOptions,
  InstanceRecord,
  StartRequest,
} from '../../../../host/durable/engine';
import { defaultSettings, openEngine } from '../../../../host/durable/engine';
import { registeredNames, registrationKey, registrations } from './functions-core';
import { ManualClock } from './manual-clock';
import { twice } from './twice';
import { invokeRegistered } from './worker';

type Overrides = Partial<Omit<EngineOptions, 'settings' | 'clock'>> & {
  readonly settings?: Partial<EngineOptions['settings']>;
  readonly clock?: ManualClock;
  /** Opens the engine; `openEngine` unless given. */
  readonly open?: (options: EngineOptions) => DurableEngine;
};

const ended = ['Completed', 'Failed', 'Terminated'];

/** Turns of the event loop in which nothing happens before the clock is moved. */
const quietTurns = 6;

/**
 * An engine with the functions that the test registered, on a clock that jumps when nothing else is to
 * do. Every orchestrator runs twice each time, and must decide the same.
 */
export class Driver {
  readonly clock: ManualClock;
  readonly engine: DurableEngine;
  readonly logs: string[] = [];
  /** Activities and entities that ran: name and instance. */
  readonly calls: DurableCall[] = [];
  /** Called after every turn of the event loop. */
  onTurn: () => void = () => undefined;
  private running = 0;
  private invocations = 0;
  private difference: string | undefined;

  constructor({ open = openEngine, ...overrides }: Overrides = {}) {
    this.clock = overrides.clock ?? new ManualClock();
    const invoke = twice(overrides.invoke ?? invokeRegistered, (message) => {
      this.difference ??= message;
    });
    this.engine = open({
      databasePath: ':memory:',
      strict: 'on',
      registered: (kind, name) => registrations.get(registrationKey(kind, name))?.name,
      names: registeredNames,
      log: (level, message) => this.logs.push(`${level}: ${message}`),
      ...overrides,
      settings: { ...defaultSettings, ...overrides.settings },
      clock: this.clock,
      invoke: async (call) => {
        this.running += 1;
        this.invocations += 1;
        if (call.kind !== 'orchestration') this.calls.push(call);
        try {
          return await invoke(call);
        } finally {
          this.running -= 1;
        }
      },
    });
  }

  /** Starts an instance and waits until it has ended. */
  async run(functionName: string, input?: unknown, more: Partial<StartRequest> = {}) {
    const id = await this.start(functionName, input, more);
    return this.ended(id);
  }

  async start(functionName: string, input?: unknown, more: Partial<StartRequest> = {}) {
    const text = input === undefined ? {} : { input: JSON.stringify(input) };
    const { instanceId } = await this.engine.start({ functionName, ...text, ...more });
    return instanceId;
  }

  /** Lets time pass until the instance has ended. */
  ended(instanceId: string): Promise<InstanceRecord> {
    return this.until(instanceId, ({ runtimeStatus }) => ended.includes(runtimeStatus));
  }

  /** Lets time pass until the instance is as wanted. */
  async until(
    instanceId: string,
    isWanted: (record: InstanceRecord) => boolean,
  ): Promise<InstanceRecord> {
    for (;;) {
      const wasQuiet = await this.isQuiet();
      const record = await this.engine.status(instanceId);
      if (record !== undefined && isWanted(record)) return record;
      if (!wasQuiet) continue;
      const { next } = this.clock;
      if (next === undefined) throw new Error(`Nothing more happens: ${JSON.stringify(record)}`);
      this.clock.moveTo(Math.max(next, this.clock.now()));
    }
  }

  /** As `ended`, for instances that make real HTTP calls: only durable timers make time pass. */
  async endedOverNetwork(instanceId: string): Promise<InstanceRecord> {
    const deadline = performance.now() + 5000;
    while (performance.now() < deadline) {
      const record = await this.engine.status(instanceId);
      if (record !== undefined && ended.includes(record.runtimeStatus)) return record;
      const { next } = this.clock;
      if (next !== undefined) this.clock.moveTo(Math.max(next, this.clock.now()));
      await sleep(2);
    }
    throw new Error(`${instanceId} has not ended within five seconds.`);
  }

  /** Lets everything happen that happens without time passing. */
  async rest(): Promise<void> {
    while (!(await this.isQuiet()));
  }

  private async isQuiet(): Promise<boolean> {
    const { invocations } = this;
    for (let turn = 0; turn < quietTurns; turn += 1) {
      await new Promise(setImmediate);
      if (this.difference !== undefined) throw new Error(this.difference);
      this.onTurn();
      if (this.running > 0 || this.invocations > invocations) return false;
    }
    return true;
  }

  /** Types of the entries of a history, without the ones that only frame a run. */
  async historyTypes(instanceId: string): Promise<number[]> {
    const history = await this.engine.history(instanceId);
    return history.map(({ EventType }) => EventType).filter((type) => type !== 12 && type !== 13);
  }
}

/** The value that the status API shows. */
export function shown(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

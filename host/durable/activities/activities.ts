import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { httpActivity } from '../orchestrations/actions';
import type { Commits } from '../store/commits';
import type { EngineOptions, HistoryEvent } from '../contract';
import type { Ending } from '../failures';
import { EventType, historyEvent } from '../history';
import { callHttp } from './http-calls';
import type { SdkProtocol } from '../sdk/sdk-protocol';
import type { Turns } from '../turns';
import { Pump, shareOfTurn } from '../turns';

/** A call of an activity that an orchestrator decided on. */
export interface Task {
  readonly instance: number;
  /** Number of the call in the instance's history. */
  readonly task: number;
  readonly name: string;
  /** JSON text. */
  readonly input: string | undefined;
}

interface Call extends Task {
  readonly instanceId: string;
}

interface Context {
  readonly options: EngineOptions;
  readonly protocol: SdkProtocol;
  readonly commits: Commits;
  readonly turns: Turns;
  readonly deliver: (key: number, event: HistoryEvent) => void;
  /** Runs what writes to the store; errors are the store's. */
  readonly guard: (run: () => void) => void;
}

/** Runs activities, so many at a time, in turn for all instances that have some waiting. */
export class Activities {
  private readonly context: Context;
  private readonly statements: Record<
    'insert' | 'read' | 'remove' | 'clear' | 'all',
    StatementSync
  >;
  private readonly pump: Pump;
  /** Rows waiting to run by instance; the instance that is next comes first. */
  private readonly waiting = new Map<number, number[]>();
  private readonly running = new Set<number>();
  /** What has ended, by row, until it is on disk: a store that fails then costs no second run. */
  private readonly unsaved = new Map<number, { readonly task: Call; readonly ending: Ending }>();

  constructor(database: DatabaseSync, context: Context) {
    this.context = context;
    this.statements = {
      insert: database.prepare(
        'INSERT INTO tasks (instance, task, name, input) VALUES (?, ?, ?, ?)',
      ),
      read: database.prepare(
        `SELECT tasks.instance, tasks.task, tasks.name, tasks.input, instances.id FROM tasks
           JOIN instances ON instances.key = tasks.instance WHERE tasks.id = ?`,
      ),
      remove: database.prepare('DELETE FROM tasks WHERE id = ?'),
      clear: database.prepare('DELETE FROM tasks WHERE instance = ?'),
      all: database.prepare('SELECT id, instance FROM tasks ORDER BY id'),
    };
    this.pump = new Pump(context.turns, () => {
      context.guard(() => {
        this.start();
      });
    });
  }

  /** Everything that has no result yet runs again, except what still runs in this process. */
  recover(): void {
    this.waiting.clear();
    for (const row of this.unsaved.keys()) this.finish(row);
    for (const { id, instance } of this.statements.all.all()) {
      const known = this.running.has(id as number) || this.unsaved.has(id as number);
      if (!known) this.enqueue(instance as number, id as number);
    }
  }

  get active(): number {
    return this.running.size;
  }

  stop(): void {
    this.pump.stop();
  }

  /** Writes the call down; it runs once that is on disk. */
  schedule(task: Task): void {
    this.context.commits.begin();
    const { instance, name, input } = task;
    const row = this.statements.insert.run(instance, task.task, name, input ?? null);
    this.context.commits.after(() => {
      this.enqueue(instance, Number(row.lastInsertRowid));
    });
  }

  /** Forgets the calls of an instance; results of those that run already are dropped. */
  clear(instance: number): void {
    this.context.commits.begin();
    this.statements.clear.run(instance);
    this.waiting.delete(instance);
  }

  private enqueue(instance: number, row: number): void {
    const rows = this.waiting.get(instance);
    if (rows === undefined) this.waiting.set(instance, [row]);
    else rows.push(row);
    this.pump.request();
  }

  private start(): void {
    const { options } = this.context;
    // Counted from here: after a long replay in the same turn, calls would be started one by one.
    const isOver = shareOfTurn();
    while (this.running.size < options.settings.maxConcurrentActivityFunctions) {
      const row = this.next();
      if (row === undefined) return;
      if (!this.running.has(row)) void this.run(row);
      if (isOver()) {
        this.pump.request();
        return;
      }
    }
  }

  private next(): number | undefined {
    for (const [instance, rows] of this.waiting) {
      const row = rows.shift();
      this.waiting.delete(instance);
      if (rows.length > 0) this.waiting.set(instance, rows);
      return row;
    }
    return undefined;
  }

  private async run(row: number): Promise<void> {
    const task = this.read(row);
    if (task === undefined) return;
    this.running.add(row);
    const ending = await this.call(task);
    this.running.delete(row);
    this.unsaved.set(row, { task, ending });
    this.pump.request();
    this.context.guard(() => {
      this.finish(row);
    });
  }

  private read(row: number): Call | undefined {
    const found = this.statements.read.get(row);
    if (found === undefined) return undefined;
    const { instance, task, name, input, id } = found;
    return {
      instanceId: id as string,
      instance: instance as number,
      task: task as number,
      name: name as string,
      input: typeof input === 'string' ? input : undefined,
    };
  }

  private async call(task: Call): Promise<Ending> {
    if (task.name === httpActivity) return await callHttp(task.input ?? '{}');
    return await this.context.protocol.perform(task);
  }

  /** Takes the call out and its ending in, together; nothing happens if the call is gone. */
  private finish(row: number): void {
    const ended = this.unsaved.get(row);
    if (ended === undefined) return;
    const { task, ending } = ended;
    const { commits, options, deliver } = this.context;
    commits.begin();
    commits.after(() => this.unsaved.delete(row));
    if (this.statements.remove.run(row).changes === 0) return;
    if ('failure' in ending) {
      const about = { function: task.name, instance: task.instanceId };
      options.failed?.(ending.failure.Reason ?? '', about);
    }
    const type = 'failure' in ending ? EventType.TaskFailed : EventType.TaskCompleted;
    const fields = 'failure' in ending ? ending.failure : { Result: ending.result };
    deliver(
      task.instance,
      historyEvent(type, options.clock.now(), { TaskScheduledId: task.task, ...fields }),
    );
  }
}

import type { AzureWays } from '../azure-ways';
import type { EngineOptions, HistoryEvent } from '../contract';
import type { Outcome } from './episode';
import { refusedOutcome, terminatedOutcome, unknownOutcome } from './episode';
import { reasonOf } from '../failures';
import { versionHazard } from '../hazards/children';
import type { Hazard } from '../hazards/hazard';
import { judge, placeOf } from '../hazards/strictness';
import { EventType, historyEvent } from '../history';
import type { Instance } from '../instance';
import { isTerminal } from '../instance';
import type { InstanceStore } from '../store/instance-store';
import type { Mailboxes } from '../store/mailboxes';
import { inOrder, isOfType } from '../messages';
import type { SdkProtocol } from '../sdk/sdk-protocol';
import type { Turns } from '../turns';
import { Pump } from '../turns';
import { mayRun } from './versions';

interface Context {
  readonly options: EngineOptions;
  readonly protocol: SdkProtocol;
  readonly ways: AzureWays;
  readonly instances: InstanceStore;
  readonly inbox: Mailboxes<HistoryEvent>;
  readonly turns: Turns;
  /** Writes down what a run came to. */
  settle(run: Run, outcome: Outcome): void;
  /** Runs what writes to the store; errors are the store's. */
  readonly guard: (run: () => void) => void;
}

/** One run of an orchestrator. */
export interface Run {
  readonly instance: Instance;
  /** Messages taken from the mailbox. */
  readonly taken: number;
  /** The entries that the run begins with. */
  readonly opening: readonly HistoryEvent[];
  readonly at: number;
  /** Why strict mode does not let the orchestrator run at all. */
  readonly refusal: string | undefined;
}

/** Runs orchestrators whose instances have something waiting, so many at a time. */
export class Orchestrations {
  private readonly context: Context;
  private readonly pump: Pump;
  private readonly ready = new Set<number>();
  private readonly running = new Set<number>();
  /** Goes up when everything in memory was thrown away: runs of before are not written down. */
  private epoch = 0;

  constructor(context: Context) {
    this.context = context;
    this.pump = new Pump(context.turns, () => {
      this.start();
    });
  }

  /** There is something in this instance's mailbox. */
  wake(key: number): void {
    this.ready.add(key);
    this.pump.request();
  }

  get active(): number {
    return this.running.size;
  }

  isRunning(key: number): boolean {
    return this.running.has(key);
  }

  /** Forgets everything; what is in the store has to be woken again. */
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
    const { options, turns } = this.context;
    const limit = options.settings.maxConcurrentOrchestratorFunctions;
    for (const key of this.ready) {
      if (this.running.size >= limit) return;
      if (this.running.has(key)) continue;
      this.ready.delete(key);
      this.running.add(key);
      void this.run(key);
      if (turns.isOver()) {
        this.pump.request();
        return;
      }
    }
  }

  /** One bad instance must not stop the others: its messages stay, and the next one tries again. */
  private async run(key: number): Promise<void> {
    const { epoch } = this;
    try {
      const run = this.begin(key);
      const outcome = run && (await this.outcome(run));
      if (run !== undefined && outcome !== undefined && this.isCurrent(run, epoch)) {
        this.context.guard(() => {
          this.context.settle(run, outcome);
        });
        this.tell(run.instance, outcome);
      }
    } catch (error) {
      this.context.instances.forget(key);
      this.context.options.log('error', `Instance ${key} cannot be run: ${reasonOf(error)}`);
    }
    if (epoch !== this.epoch) return;
    this.running.delete(key);
    this.pump.request();
  }

  private tell({ id, name }: Instance, { end }: Outcome): void {
    if (end?.status !== 'Failed') return;
    this.context.options.failed?.(end.output ?? '', { function: name, instance: id });
  }

  /** Not if the instance was replaced, or read from the store anew, while its code ran. */
  private isCurrent({ instance }: Run, epoch: number): boolean {
    return epoch === this.epoch && this.context.instances.load(instance.key) === instance;
  }

  /** Takes what is waiting and opens the run; undefined when there is nothing to run. */
  private begin(key: number): Run | undefined {
    const { instances, inbox } = this.context;
    const instance = instances.load(key);
    if (instance === undefined || isTerminal(instance.status)) {
      inbox.drop(key);
      return undefined;
    }
    const messages = inOrder(inbox.waiting(key));
    if (messages.length === 0) return undefined;
    const waiting = this.waitsForVersion(instance, messages);
    const refusal = waiting && judge([waiting], placeOf(instance), this.context.options);
    if (waiting !== undefined && refusal === undefined) return undefined;
    const at = this.timeOf(instance, messages);
    const opening = [historyEvent(EventType.OrchestratorStarted, at), ...messages];
    return { instance, taken: messages.length, opening, at, refusal: refusal?.message };
  }

  private waitsForVersion(
    { version = '', rows }: Instance,
    messages: readonly HistoryEvent[],
  ): Hazard | undefined {
    const own = this.context.options.settings.defaultVersion;
    const isStarted = rows > 0 || messages.some(isOfType(EventType.ExecutionTerminated));
    return isStarted || mayRun(version, own) ? undefined : versionHazard(version, own);
  }

  /**
   * The clock of the run: after the last one, and not before a timer that brought it about, except on
   * Azure.
   */
  private timeOf(instance: Instance, messages: readonly HistoryEvent[]): number {
    const last = instance.history.findLast(isOfType(EventType.OrchestratorStarted));
    const fired = messages
      .filter(isOfType(EventType.TimerFired))
      .map((message) => Date.parse(message['FireAt'] as string));
    const earliest = last === undefined ? 0 : last.Timestamp.getTime() + 1;
    const { options, ways } = this.context;
    return Math.max(options.clock.now(), earliest, ...(ways.firesEarly ? [] : fired));
  }

  private async outcome(run: Run): Promise<Outcome> {
    const { options, protocol } = this.context;
    const { instance, opening } = run;
    const isReplaying = instance.history.length > 0;
    instance.history.push(...opening);
    const terminated = opening.find(isOfType(EventType.ExecutionTerminated));
    if (terminated !== undefined) return terminatedOutcome(instance, terminated);
    if (run.refusal !== undefined) return refusedOutcome(instance, run.refusal);
    const functionName = options.registered('orchestration', instance.name);
    if (functionName === undefined) {
      return unknownOutcome(instance, options.names('orchestration'));
    }
    return protocol.orchestrate(instance, functionName, isReplaying);
  }
}

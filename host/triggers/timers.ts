import { type AppSettings, resolveNames } from '../app-settings';
import type { Clock } from '../clock';
import type { FunctionErrors } from '../http/http-routes';
import type { Invocation, Invoke } from '../invocation/invoke';
import { type AppFunction, isTriggeredBy } from '../loading/function-metadata';
import type { HostLog } from '../log';
import { isFrequent, parseSchedule, type Schedule } from './schedule';
import type { TimerMonitor, TimerStatus } from './timer-monitor';
import { toTimerPayload } from './timer-payload';

export interface TimerOptions {
  readonly clock: Clock;
  readonly monitor: TimerMonitor;
  readonly invoke: Invoke;
  readonly log: HostLog;
  /** Adds the inputs of a function that are not its trigger */
  readonly complete: (invocation: Invocation) => Invocation;
}

/** A function with its schedule. */
export interface Timer {
  readonly function: AppFunction;
  readonly schedule: Schedule;
  /** Remembered across restarts: not when it fires more than once a minute, or if it is told not to be */
  readonly monitored: boolean;
}

/** All timers of the app; one whose schedule is wrong is left out, with the reason in `errors`. */
export function toTimers(
  functions: readonly AppFunction[],
  settings: Pick<AppSettings, 'get'>,
  errors: FunctionErrors,
): Timer[] {
  const timezone = settings.get('WEBSITE_TIME_ZONE') ?? settings.get('TZ') ?? 'UTC';
  return functions
    .filter((appFunction) => isTriggeredBy(appFunction, 'timerTrigger'))
    .flatMap((appFunction) => {
      try {
        const expression = resolveNames(String(appFunction.trigger['schedule']), settings);
        const schedule = parseSchedule(expression, timezone === '' ? 'UTC' : timezone);
        const monitored = appFunction.trigger['useMonitor'] !== false && !isFrequent(schedule, 0);
        return [{ function: appFunction, schedule, monitored }];
      } catch (error) {
        errors.set(appFunction.name, error instanceof Error ? error.message : String(error));
        return [];
      }
    });
}

/** Fires a timer at its occurrences until stopped, never twice at once. */
export class RunningTimer {
  readonly #timer: Timer;
  readonly #options: TimerOptions;
  #status: TimerStatus | undefined;
  #cancel: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(timer: Timer, options: TimerOptions) {
    this.#timer = timer;
    this.#options = options;
  }

  /** Catches up on one missed occurrence, or fires once if the function wants that, and arms the next. */
  start(): void {
    const now = this.#options.clock.now();
    const stored = this.#timer.monitored ? this.#recall(now) : undefined;
    if (stored && stored.next < now) this.#fire(true);
    else if (this.#timer.function.trigger['runOnStartup'] === true) this.#fire(false);
    else this.#arm(now);
  }

  /** Arms nothing any more; resolves when a run that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  /** A timer that was never seen is remembered at once, so that its first occurrence can be missed. */
  #recall(now: number): TimerStatus | undefined {
    const { monitor } = this.#options;
    const { name } = this.#timer.function;
    const stored = monitor.get(name);
    if (stored) {
      this.#status = stored;
      return stored;
    }
    const next = this.#timer.schedule.next(now);
    if (next === undefined) return undefined;
    this.#status = { last: undefined, next, updated: undefined };
    monitor.set(name, { last: undefined, next, updated: now });
    return undefined;
  }

  #arm(after: number): void {
    if (this.#stopped) return;
    const next = this.#timer.schedule.next(after);
    if (next === undefined) return;
    this.#cancel = this.#options.clock.at(next, () => {
      this.#fire(false);
    });
  }

  #fire(isPastDue: boolean): void {
    const firedAt = this.#options.clock.now();
    this.#running = this.#run(isPastDue).then(() => {
      this.#remember(firedAt);
      this.#running = undefined;
      this.#arm(this.#options.clock.now());
    });
  }

  /** A run that fails is logged; the schedule goes on. */
  async #run(isPastDue: boolean): Promise<void> {
    const { invoke, complete, log } = this.#options;
    const { function: target, schedule } = this.#timer;
    const payload = toTimerPayload(
      { isInterval: schedule.isInterval, status: this.#status },
      isPastDue,
    );
    try {
      await invoke(complete(toTimerInvocation(target, payload)));
    } catch (error) {
      log.write('error', `A timer run failed: ${String(error)}`, { function: target.name });
    }
  }

  #remember(firedAt: number): void {
    if (!this.#timer.monitored) return;
    const next = this.#timer.schedule.next(this.#options.clock.now());
    if (next === undefined) return;
    this.#status = { last: firedAt, next, updated: firedAt };
    this.#options.monitor.set(this.#timer.function.name, this.#status);
  }
}

export function toTimerInvocation(target: AppFunction, payload: string): Invocation {
  return { function: target, inputData: [{ name: target.trigger.name, data: { json: payload } }] };
}

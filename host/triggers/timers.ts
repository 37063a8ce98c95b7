import { type AppSettings, resolveNames } from '../app-settings';
import type { Clock } from '../clock';
import type { FunctionErrors } from '../http/function-errors';
import type { Invocation, Invoke } from '../invocation/invoke';
import { type AppFunction, isTriggeredBy } from '../loading/function-metadata';
import type { HostLog } from '../log';
import { parseSchedule, type Schedule } from './schedule';
import { recallTimer, type TimerMonitor, type TimerStatus } from './timer-monitor';
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
  return functions
    .filter((appFunction) => isTriggeredBy(appFunction, 'timerTrigger'))
    .flatMap((appFunction) => {
      try {
        return [toTimer(appFunction, settings)];
      } catch (error) {
        errors.set(appFunction.name, error instanceof Error ? error.message : String(error));
        return [];
      }
    });
}

function toTimer(appFunction: AppFunction, settings: Pick<AppSettings, 'get'>): Timer {
  const zoneName = [settings.get('WEBSITE_TIME_ZONE'), settings.get('TZ')].find(Boolean) ?? 'UTC';
  const expression = resolveNames(String(appFunction.trigger['schedule']), settings);
  const schedule = parseSchedule(expression, zoneName);
  const monitored = appFunction.trigger['useMonitor'] !== false && !schedule.isFrequent;
  return { function: appFunction, schedule, monitored };
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
    const { clock, monitor } = this.#options;
    const { function: target, schedule, monitored } = this.#timer;
    const now = clock.now();
    const recalled = monitored
      ? recallTimer(monitor, { name: target.name, schedule }, now)
      : undefined;
    this.#status = recalled ?? toStatus(undefined, schedule.next(now));
    if (this.#status === undefined) {
      const never = 'The schedule names no day that ever comes: this timer does not fire.';
      this.#options.log.write('warning', never, { function: target.name });
    }
    if (recalled && recalled.next < now) this.#fire('past due');
    else if (target.trigger['runOnStartup'] === true) this.#fire('start');
    else this.#arm();
  }

  /** Arms nothing any more; resolves when a run that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  /** An occurrence that came while a run went on is due at once; of several, one is. */
  #arm(): void {
    if (this.#stopped || !this.#status) return;
    this.#cancel = this.#options.clock.at(this.#status.next, () => {
      this.#fire('occurrence');
    });
  }

  #fire(reason: 'occurrence' | 'past due' | 'start'): void {
    const firedAt = this.#options.clock.now();
    this.#running = this.#run(reason === 'past due').then(() => {
      this.#running = undefined;
      this.#remember(firedAt);
      this.#arm();
    });
  }

  /** A run that fails is logged; the schedule goes on. */
  async #run(isPastDue: boolean): Promise<void> {
    const { invoke, complete, log } = this.#options;
    const { function: target, monitored } = this.#timer;
    const status = monitored ? this.#status : undefined;
    const payload = toTimerPayload(this.#timer.schedule, status, isPastDue);
    try {
      await invoke(complete(toTimerInvocation(target, payload)));
    } catch (error) {
      log.write('error', `A timer run failed: ${String(error)}`, { function: target.name });
    }
  }

  /** The next occurrence is the one after the start of this run. */
  #remember(firedAt: number): void {
    const { function: target, schedule, monitored } = this.#timer;
    this.#status = toStatus(firedAt, schedule.next(firedAt));
    if (monitored && this.#status) this.#options.monitor.set(target.name, this.#status);
  }
}

function toStatus(last: number | undefined, next: number | undefined): TimerStatus | undefined {
  return next === undefined ? undefined : { last, next, updated: last };
}

export function toTimerInvocation(target: AppFunction, payload: string): Invocation {
  return { function: target, inputData: [{ name: target.trigger.name, data: { json: payload } }] };
}

import type { RetryOptions } from './actions';

const defaultMaxIntervalMs = 6 * 24 * 3_600_000;

/**
 * How long to wait after failure number `failures` (from 1). After the last allowed attempt the
 * wait is zero but still a timer of its own: the SDK counts one after every failure.
 */
export function retryDelayMs(options: RetryOptions, failures: number): number {
  if (failures >= options.maxNumberOfAttempts) return 0;
  const delayMs =
    options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** (failures - 1);
  return Math.min(delayMs, options.maxRetryIntervalInMilliseconds ?? defaultMaxIntervalMs);
}

/** Whether a call is repeated after failure number `failures` (from 1). */
export function retriesAfter(options: RetryOptions, failures: number): boolean {
  return failures < options.maxNumberOfAttempts;
}

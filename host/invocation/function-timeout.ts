import { toTimeSpan } from '../time-span';

export interface TimedCall {
  /** Real time */
  readonly limitMs: number;
  readonly functionName: string;
  readonly invocationId: string;
}

/** A function ran longer than `functionTimeout`. Its handler may still be running. */
export class FunctionTimeout extends Error {
  override readonly name = 'FunctionTimeout';
  readonly limit: string;
  readonly functionName: string;
  readonly invocationId: string;

  constructor(call: TimedCall) {
    const limit = toTimeSpan(call.limitMs);
    super(`Timeout value of ${limit} was exceeded by function: Functions.${call.functionName}`);
    this.limit = limit;
    this.functionName = call.functionName;
    this.invocationId = call.invocationId;
  }
}

/** `setTimeout` counts in 32 bits; a limit beyond that is no limit. */
const longestDelayMs = 2 ** 31 - 1;

/** The outcome of `running`, or `FunctionTimeout` once the limit has passed. */
export async function within<T>(running: Promise<T>, call: TimedCall): Promise<T> {
  if (call.limitMs > longestDelayMs) return running;
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new FunctionTimeout(call));
  }, call.limitMs);
  try {
    return await Promise.race([running, expired]);
  } finally {
    clearTimeout(timer);
  }
}

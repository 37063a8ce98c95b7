import * as df from 'durable-functions';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often each key has been tried in this process */
const attempts = new Map<string, number>();

export interface Flaky {
  readonly key: string;
  readonly failures: number;
  /** How long each attempt takes */
  readonly ms?: number;
}

export interface Slow {
  readonly ms: number;
  readonly value: unknown;
}

/** The activities that all scenarios use. */
export function registerActivities(): void {
  df.app.activity('echo', { handler: (input: unknown) => input });
  df.app.activity('slow', {
    handler: async ({ ms, value }: Slow) => {
      await sleep(ms);
      return value;
    },
  });
  df.app.activity('flaky', {
    handler: async ({ key, failures, ms = 0 }: Flaky) => {
      await sleep(ms);
      const attempt = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, attempt);
      if (attempt <= failures) throw new Error(`attempt ${attempt} failed`);
      return `attempt ${attempt}`;
    },
  });
  df.app.activity('long', { handler: (length: number) => 'x'.repeat(length) });
}

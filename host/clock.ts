/** Time as the host sees it; it may run faster than the machine's. All values are epoch milliseconds. */
export interface Clock {
  now(): number;
  /** Calls `run` once, at or after `time`; the returned function cancels the call. */
  at(time: number, run: () => void): () => void;
}

/** `setTimeout` counts in 32 bits: longer delays fire at once, so they are waited for in pieces. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * A clock that started at `origin` when it was made and runs `speed` times as fast as the machine's.
 * It never runs backwards, also when the machine's clock is set back.
 */
export function scaledClock(pace: { origin: number; speed: number }): Clock {
  const startedAt = performance.now();
  const now = (): number => pace.origin + (performance.now() - startedAt) * pace.speed;
  return clockOf(() => Math.floor(now()), pace.speed);
}

/** The machine's own clock. */
export const systemClock: Clock = clockOf(() => Date.now(), 1);

function clockOf(now: () => number, speed: number): Clock {
  return {
    now,
    at: (time, run) => {
      let timer: NodeJS.Timeout | undefined;
      const wait = (): void => {
        const delayMs = Math.ceil((time - now()) / speed);
        timer = setTimeout(
          () => {
            if (now() >= time) run();
            else wait();
          },
          Math.min(Math.max(delayMs, 0), longestDelayMs),
        );
      };
      wait();
      return () => {
        clearTimeout(timer);
      };
    },
  };
}

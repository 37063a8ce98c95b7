const dayMs = 24 * 3_600_000;

/** Longer waits are made of several timers. */
export const longestTimerMs = 6 * dayMs;
/** Length of each of them. */
const timerSegmentMs = 3 * dayMs;

/** When the next timer of a wait until `fireAt` has to fire. */
export function nextFiring(fireAt: number, now: number): number {
  return fireAt - now > longestTimerMs ? now + timerSegmentMs : fireAt;
}

/** What a message takes through the storage of Azure at the least. */
const throughStorageMs = 180;

/** How long a message with a delay takes on Azure, where storage counts whole seconds. */
export function storedDelayMs(delayMs: number): number {
  const wholeSeconds = Math.floor(delayMs / 1000) * 1000;
  return Math.max(wholeSeconds, Math.min(delayMs, throughStorageMs));
}

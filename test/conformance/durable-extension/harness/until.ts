import { setTimeout as sleep } from 'node:timers/promises';

type Look<T> = { readonly found: T } | { readonly last: unknown };

const standardPatienceMs = 120_000;
const pauseMs = 50;

/**
 * Looks again and again until something is there.
 * @throws with what was seen last, when it takes too long
 */
export async function until<T>(
  what: string,
  look: () => Promise<Look<T>>,
  patienceMs = standardPatienceMs,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if ('found' in seen) return seen.found;
    if (performance.now() > end) {
      throw new Error(`Waited in vain for ${what}; last: ${JSON.stringify(seen.last)}`);
    }
    await sleep(pauseMs);
  }
}

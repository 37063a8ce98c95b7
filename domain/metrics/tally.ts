import type { Labels, Sample } from './exposition';

/** Counts things by their labels. */
export class Tally {
  readonly #counts = new Map<string, { labels: Labels; value: number }>();

  /** @param zeros combinations that are told also when there is nothing of them. */
  constructor(zeros: readonly Labels[] = []) {
    for (const labels of zeros) this.add(labels, 0);
  }

  add(labels: Labels, count = 1): void {
    const key = JSON.stringify(labels);
    const known = this.#counts.get(key);
    if (known) known.value += count;
    else this.#counts.set(key, { labels, value: count });
  }

  /** In the order of their labels, so that the same state gives the same text. */
  samples(): readonly Sample[] {
    const sorted = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([, sample]) => sample);
  }
}

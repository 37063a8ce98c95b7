import type { Operation } from '../../operation-store';

/** Where a node is in a roll: untouched, cordoned and drained, being imaged, done. */
export type Step = 'old' | 'draining' | 'imaging' | 'new';

type Course = Pick<Operation, 'startedAt' | 'endsAt' | 'error'>;

export interface RollShape {
  readonly nodes: number;
  readonly batch: number;
  readonly surge: number;
}

export interface Progress {
  readonly surgeNodes: number;
  /** Epoch milliseconds when the surge nodes joined. */
  readonly surgedAt: number;
  readonly step: (index: number) => Step;
  /** Epoch milliseconds when the node had been imaged anew; only for a step `new`. */
  readonly imagedAt: (index: number) => number;
}

/** Shares of the whole: surge nodes join, batches follow one another, surge nodes leave when it ends. */
const joining = 0.1;
const ending = 0.95;
const drainShare = 0.4;

/**
 * How far a roll is at a time: surge nodes first, then batch by batch cordon, drain and image, as "Configure rolling
 * upgrades" describes it. A roll that will fail stops in the middle of its drain.
 */
export function rollProgress(operation: Course, shape: RollShape, now: number): Progress {
  const { startedAt, endsAt, error } = operation;
  const whole = Math.max(endsAt - startedAt, 1);
  const batches = Math.max(1, Math.ceil(shape.nodes / shape.batch));
  const each = ((ending - joining) * whole) / batches;
  const startOf = (index: number): number =>
    startedAt + joining * whole + Math.floor(index / shape.batch) * each;
  const stuckAt = error === undefined ? batches : failingBatch(error.code, batches);
  const imagedAt = (index: number): number => Math.round(startOf(index) + each);
  const surged = error?.code !== 'QuotaExceeded' && now >= startedAt + joining * whole;
  return {
    surgeNodes: surged ? shape.surge : 0,
    surgedAt: Math.round(startedAt + joining * whole),
    imagedAt,
    step: (index) => {
      const batch = Math.floor(index / shape.batch);
      if (batch > stuckAt || now < startOf(index)) return 'old';
      if (batch === stuckAt) return error?.code === 'QuotaExceeded' ? 'old' : 'draining';
      if (now >= imagedAt(index)) return 'new';
      return now < startOf(index) + each * drainShare ? 'draining' : 'imaging';
    },
  };
}

/** Without room for surge nodes, or where no drain succeeds, it is the first; any other failure comes half-way. */
function failingBatch(code: string, batches: number): number {
  return ['QuotaExceeded', 'UpgradeFailed'].includes(code) ? 0 : Math.floor(batches / 2);
}

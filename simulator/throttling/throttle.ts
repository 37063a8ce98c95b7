import type { SimulatedClock } from '../clock';
import { aksError, armError } from '../provider';
import type { ArmResponse } from '../provider';
import { keyOf, kindsFor } from './buckets';
import type { BucketKind, Subject } from './buckets';
import type { ThrottlingSettings } from './settings';

interface Bucket {
  tokens: number;
  /** Epoch milliseconds of the last change. */
  at: number;
}

export interface Taken {
  readonly headers: Readonly<Record<string, string>>;
  /** The answer in place of the request's own. */
  readonly refused?: ArmResponse;
}

/**
 * Counts requests as Azure does, on the simulated clock. What is counted lives in memory: a restart fills all buckets,
 * as moving to another front end of Azure would.
 */
export class Throttle {
  private readonly clock: SimulatedClock;
  private readonly buckets = new Map<string, Bucket>();

  constructor(clock: SimulatedClock) {
    this.clock = clock;
  }

  /** Takes a token from every bucket of the request; one that is empty refuses it. */
  take(subject: Subject, { enforced, factor }: ThrottlingSettings): Taken {
    const headers: Record<string, string> = {};
    let refused: ArmResponse | undefined;
    for (const kind of kindsFor(subject)) {
      const scaled = scale(kind, factor);
      const bucket = this.filled(keyOf(kind, subject), scaled);
      if (enforced && bucket.tokens < 1) refused ??= this.refuse(bucket, { kind: scaled, subject });
      else bucket.tokens = Math.max(0, bucket.tokens - 1);
      Object.assign(headers, remainingHeaders(scaled, { bucket, now: this.clock.now() }));
    }
    return { headers, ...(refused && { refused }) };
  }

  /** The bucket with what has flowed back since it was last used. */
  private filled(key: string, kind: BucketKind): Bucket {
    const now = this.clock.now();
    const bucket = this.buckets.get(key) ?? { tokens: kind.capacity, at: now };
    const seconds = (now - bucket.at) / 1000;
    if (kind.windowSeconds === undefined) {
      const back = seconds * (kind.refillPerSecond ?? 0);
      bucket.tokens = Math.min(kind.capacity, bucket.tokens + back);
      bucket.at = now;
    } else if (seconds >= kind.windowSeconds) {
      bucket.tokens = kind.capacity;
      bucket.at = now;
    }
    this.buckets.set(key, bucket);
    return bucket;
  }

  /** At Resource Manager, who asks before the time is up waits as long again; providers go on filling. */
  private refuse(
    bucket: Bucket,
    { kind, subject }: { kind: BucketKind; subject: Subject },
  ): ArmResponse {
    const now = this.clock.now();
    if (kind.layer === 'arm') bucket.tokens = 0;
    const wait =
      kind.windowSeconds === undefined
        ? (1 - bucket.tokens) / (kind.refillPerSecond ?? 1)
        : kind.windowSeconds - (now - bucket.at) / 1000;
    const seconds = Math.max(1, Math.ceil(wait));
    const answer = answerOf(kind, { subject, seconds });
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
  }
}

function scale(kind: BucketKind, factor: number): BucketKind {
  return {
    ...kind,
    capacity: Math.max(1, Math.floor(kind.capacity * factor)),
    ...(kind.refillPerSecond !== undefined && { refillPerSecond: kind.refillPerSecond * factor }),
  };
}

function remainingHeaders(
  { headers, windowSeconds }: BucketKind,
  { bucket, now }: { bucket: Bucket; now: number },
): Readonly<Record<string, string>> {
  if (headers === undefined) return {};
  const left = { [headers.remaining]: String(Math.floor(bucket.tokens)) };
  if (windowSeconds === undefined || headers.resetsAfter === undefined) return left;
  const seconds = Math.ceil(windowSeconds - (now - bucket.at) / 1000);
  return { ...left, [headers.resetsAfter]: `00:00:${String(seconds).padStart(2, '0')}` };
}

function answerOf(
  { layer, code }: BucketKind,
  { subject, seconds }: { subject: Subject; seconds: number },
): ArmResponse {
  const wait = `Please try again after '${seconds}' seconds.`;
  if (layer === 'Microsoft.ContainerService') {
    return aksError(429, code, `The request is throttled: ${subject.operation}. ${wait}`);
  }
  if (layer === 'arm') {
    const of = subject.id.split('/')[2] ?? '';
    return armError(
      429,
      code,
      `Number of '${subject.method === 'GET' ? 'read' : subject.method === 'DELETE' ? 'delete' : 'write'}' requests for subscription '${of}' actor '${subject.principal}' exceeded. ${wait} Refer to https://aka.ms/arm-throttling for additional information.`,
    );
  }
  return armError(429, code, `Too many requests: ${subject.operation}. ${wait}`);
}

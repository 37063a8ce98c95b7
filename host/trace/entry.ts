import type { HistoryEvent } from '../durable/contract';

/** One thing that happened to an instance. Texts are JSON as the store holds it. */
export interface Entry {
  readonly what:
    | 'started'
    | 'activity'
    | 'http'
    | 'child'
    | 'timer'
    | 'retry delay'
    | 'entity call'
    | 'entity signal'
    | 'entity lock'
    | 'entity release'
    | 'event'
    | 'suspended'
    | 'resumed'
    | 'rewound'
    | 'terminated'
    | 'ended';
  /** ISO 8601 */
  readonly at: string;
  /** Since the execution began */
  readonly afterMs: number;
  /** Function, event or entity */
  readonly name?: string;
  /** Number of the call in the history */
  readonly id?: number;
  readonly attempt?: number;
  /** The child's instance */
  readonly instanceId?: string;
  /** The first part of it, for calls */
  readonly input?: string;
  readonly result?: string;
  /** First line of the reason */
  readonly failure?: string;
  /** When a timer is or was to fire */
  readonly dueAt?: string;
  readonly tookMs?: number;
  /** `cancelled` is a timer that nobody waits for any more */
  readonly state?: 'open' | 'done' | 'failed' | 'cancelled';
}

/** A call and what has come of it so far. */
export interface Call {
  readonly event: HistoryEvent;
  readonly ending: HistoryEvent | undefined;
}

/** A field, unless its value is missing. */
export function some<Name extends string>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, string>>);
}

export function timeOf({ Timestamp }: HistoryEvent): number {
  return new Date(Timestamp).getTime(); // a text, when it came from a running host
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function firstLine(text: string | undefined): string | undefined {
  return text?.split('\n')[0]?.trim();
}

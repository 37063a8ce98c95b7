import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
  readonly body?: string;
  readonly base64?: string;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
  readonly body?: string;
  /** How a binary body was made: `bytes 00 ff` */
  readonly bodyNote?: string;
  readonly chunkedBody?: readonly string[];
}

export interface RequestStep {
  readonly do: 'request';
  readonly base?: 'rpc';
  readonly request: RecordedRequest;
  /** Absent when the connection broke */
  readonly response?: RecordedAnswer;
  readonly error?: string;
  readonly together?: number;
}

export interface UntilStep {
  readonly do: 'until';
  readonly id: string;
  readonly runtimeStatus: readonly string[];
  /** A further condition, as the text of a function */
  readonly also?: string;
  readonly reached: boolean;
  readonly last: string;
  readonly timeoutMs?: number;
  readonly tookMs?: number;
  readonly together?: number;
}

export interface CollectStep {
  readonly do: 'collect';
  readonly id: string;
  readonly httpStatus: number;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly history?: readonly Readonly<Record<string, unknown>>[];
  readonly activityRuns: Readonly<Record<string, number>>;
  readonly runInputs: readonly unknown[];
  readonly episodes?: readonly { readonly trigger?: unknown }[];
  readonly together?: number;
}

export interface LedgerStep {
  readonly do: 'ledger';
  readonly kind: string;
  readonly key: string;
  readonly value: unknown;
  readonly together?: number;
}

export interface NoteStep {
  readonly do: 'note';
  readonly text: string;
  readonly data?: unknown;
  readonly together?: number;
}

export interface PauseStep {
  readonly do: 'pause';
  readonly ms: number;
  readonly together?: number;
}

export type Step = RequestStep | UntilStep | CollectStep | LedgerStep | NoteStep | PauseStep;

/** What the real Functions host did, step by step. */
export interface Recording {
  readonly id: string;
  readonly configuration?: 'second';
  readonly play?: 'alone' | 'isolated';
  readonly after?: readonly string[];
  readonly wallMs: number;
  readonly repeated?: { readonly differingSteps?: readonly number[] } | string;
  readonly steps: readonly Step[];
}

/** All recordings of a folder that a host can be held against from outside. */
export function loadRecordings(folder: string): Recording[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording)
    .filter(({ steps }) => steps.every((step) => (step.do as string) !== 'start-host'));
}

/** Steps that a second run on the real host answered differently. */
export function unstableSteps({ repeated }: Recording): ReadonlySet<number> {
  return new Set(typeof repeated === 'object' ? repeated.differingSteps : []);
}

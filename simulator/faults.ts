import { z } from 'zod';

import type { Journal } from './journal';
import { armError, aksError } from './provider';
import type { ArmResponse } from './provider';

const Answer = z.strictObject({
  status: z.int().min(400).max(599),
  code: z.string().default('InternalServerError'),
  message: z.string().default('A fault rule of the simulated Azure answered this request.'),
  envelope: z.enum(['arm', 'aks']).default('arm'),
  retryAfterSeconds: z.int().min(0).optional(),
});

const OperationEnd = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string().default('') }).optional(),
  minutes: z.number().min(0).optional(),
});

/** One way in which the simulated Azure misbehaves. */
export const FaultRule = z
  .strictObject({
    match: z
      .strictObject({
        method: z.string().optional(),
        /** Regular expression on the path, without regard to case. */
        path: z
          .string()
          .refine(isPattern, 'is not a regular expression; write one, such as "aks-orders"')
          .optional(),
        /** As in the call log, such as `managedClusters/write`. */
        operation: z.string().optional(),
        provider: z.string().optional(),
      })
      .default({}),
    /** The first matching request that meets the fault, counted from 1. */
    nth: z.int().min(1).default(1),
    /** How many matching requests meet it. */
    count: z.int().min(1).default(1),
    /** Answer this instead of doing anything. */
    answer: Answer.optional(),
    /** Close the connection, before or after the request was carried out. */
    reset: z.enum(['before', 'after']).optional(),
    /** How the operation that the request starts goes on. */
    operation: OperationEnd.optional(),
  })
  .refine(
    ({ answer, reset, operation }) =>
      [answer, reset, operation].filter((choice) => choice !== undefined).length === 1,
    'needs exactly one of answer, reset and operation',
  );
export type FaultRule = z.infer<typeof FaultRule>;

export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly provider: string;
}

interface Armed {
  readonly rule: FaultRule;
  readonly path: RegExp | undefined;
  met: number;
}

/** The fault rules in force and how often each was met; both survive a restart. */
export class Faults {
  private readonly journal: Journal;
  private armed: Armed[] = [];

  constructor(journal: Journal) {
    this.journal = journal;
    for (const [, saved] of journal.load('fault')) {
      this.arm(FaultRule.parse(saved['rule']), Number(saved['met']));
    }
  }

  get rules(): readonly (FaultRule & { readonly met: number })[] {
    return this.armed.map(({ rule, met }) => ({ ...rule, met }));
  }

  replace(rules: readonly FaultRule[]): void {
    for (const index of this.armed.keys()) this.journal.put('fault', String(index), undefined);
    this.armed = [];
    for (const rule of rules) this.arm(rule, 0);
    for (const index of this.armed.keys()) this.save(index);
  }

  /** Counts a request against all rules; the first rule whose turn it is decides. */
  meet(subject: FaultSubject): FaultRule | undefined {
    let decided: FaultRule | undefined;
    for (const [index, armed] of this.armed.entries()) {
      const { rule } = armed;
      if (!matches(armed, subject)) continue;
      armed.met += 1;
      this.save(index);
      if (armed.met >= rule.nth && armed.met < rule.nth + rule.count) decided ??= rule;
    }
    return decided;
  }

  private arm(rule: FaultRule, met: number): void {
    const { path } = rule.match;
    this.armed.push({ rule, path: path === undefined ? undefined : new RegExp(path, 'i'), met });
  }

  private save(index: number): void {
    const armed = this.armed[index];
    if (armed === undefined) return;
    const rule: unknown = JSON.parse(JSON.stringify(armed.rule));
    this.journal.put('fault', String(index), { rule: rule as never, met: armed.met });
  }
}

/** The answer of a rule that replaces the request's own. */
export function faultAnswer({ answer }: FaultRule): ArmResponse | undefined {
  if (answer === undefined) return undefined;
  const { status, code, message, envelope, retryAfterSeconds } = answer;
  const response = (envelope === 'arm' ? armError : aksError)(status, code, message);
  if (retryAfterSeconds === undefined) return response;
  return {
    ...response,
    headers: { ...response.headers, 'retry-after': String(retryAfterSeconds) },
  };
}

function matches({ rule, path }: Armed, subject: FaultSubject): boolean {
  const { method, operation, provider } = rule.match;
  return (
    same(method, subject.method) &&
    same(operation, subject.operation) &&
    same(provider, subject.provider) &&
    (path === undefined || path.test(subject.path))
  );
}

function same(wanted: string | undefined, actual: string): boolean {
  return wanted === undefined || wanted.toLowerCase() === actual.toLowerCase();
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

import type { Clock } from '../clock';
import type { Journal } from '../journal';
import { FaultRule } from './rule';

export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly provider: string;
  readonly principal: string;
  /** Empty for what is in no region. */
  readonly location: string;
}

interface Armed {
  readonly rule: FaultRule;
  readonly path: RegExp | undefined;
  /** Epoch milliseconds between which it is in force. */
  readonly from: number;
  readonly until: number;
  /** Simulated time at which the rule was made. */
  readonly since: number;
  met: number;
}

/** The fault rules in force and how often each was met; both survive a restart. */
export class Faults {
  private readonly journal: Journal;
  private readonly clock: Clock;
  private armed: Armed[] = [];

  constructor(journal: Journal, clock: Clock) {
    this.journal = journal;
    this.clock = clock;
    for (const [, saved] of journal.load('fault')) {
      this.arm(FaultRule.parse(saved['rule']), {
        since: Number(saved['since'] ?? clock.now()),
        met: Number(saved['met']),
      });
    }
  }

  get rules(): readonly (FaultRule & { readonly met: number })[] {
    return this.armed.map(({ rule, met }) => ({ ...rule, met }));
  }

  replace(rules: readonly FaultRule[]): void {
    for (const index of this.armed.keys()) this.journal.put('fault', String(index), undefined);
    this.armed = [];
    for (const rule of rules) this.arm(rule, { since: this.clock.now(), met: 0 });
    for (const index of this.armed.keys()) this.save(index);
  }

  /** Counts a request against all rules in force; the first rule whose turn it is decides. */
  meet(subject: FaultSubject): FaultRule | undefined {
    let decided: FaultRule | undefined;
    for (const [index, armed] of this.armed.entries()) {
      if (!this.isInForce(armed) || !matches(armed, subject)) continue;
      armed.met += 1;
      this.save(index);
      if (isItsTurn(armed)) decided ??= armed.rule;
    }
    return decided;
  }

  /** When a region that is down now is up again. */
  outageEnd(location: string): number | undefined {
    const found = this.armed.find(
      (armed) =>
        armed.rule.outage === true &&
        this.isInForce(armed) &&
        same(armed.rule.match.location, location),
    );
    return found?.until;
  }

  private isInForce({ from, until }: Armed): boolean {
    const now = this.clock.now();
    return now >= from && now < until;
  }

  private arm(rule: FaultRule, { since, met }: { since: number; met: number }): void {
    const { path } = rule.match;
    const from = since + rule.fromMinutes * 60_000;
    const until = rule.forMinutes === undefined ? Infinity : from + rule.forMinutes * 60_000;
    const pattern = path === undefined ? undefined : new RegExp(path, 'i');
    this.armed.push({ rule, path: pattern, from, until, since, met });
  }

  private save(index: number): void {
    const armed = this.armed[index];
    if (armed === undefined) return;
    const rule: unknown = JSON.parse(JSON.stringify(armed.rule));
    const { met, since } = armed;
    this.journal.put('fault', String(index), { rule: rule as never, met, since });
  }
}

function isItsTurn({ rule, met }: Armed): boolean {
  const lasting = rule.outage === true || rule.forMinutes !== undefined;
  const count = rule.count ?? (lasting ? 'all' : 1);
  return met >= rule.nth && (count === 'all' || met < rule.nth + count);
}

function matches({ rule, path }: Armed, subject: FaultSubject): boolean {
  const { method, operation, provider, location, principal } = rule.match;
  return (
    same(method, subject.method) &&
    same(operation, subject.operation) &&
    same(provider, subject.provider) &&
    same(location, subject.location) &&
    same(principal, subject.principal) &&
    (path === undefined || path.test(subject.path))
  );
}

function same(wanted: string | undefined, actual: string): boolean {
  return wanted === undefined || wanted.toLowerCase() === actual.toLowerCase();
}

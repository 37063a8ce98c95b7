import { setTimeout as delay } from 'node:timers/promises';

import { differenceOfAnswers } from './answers';
import { differenceOfInstances } from './collected';
import { differenceOf, type Difference } from './difference';
import { differenceOfNote, readAtLeast } from './notes';
import {
  type CollectStep,
  type LedgerStep,
  type Recording,
  type RequestStep,
  type Step,
  unstableSteps,
  type UntilStep,
} from './recording';
import { Templates, type World } from './template';
import { type Answer, call } from './wire';

/** The first difference of a recording, with the step in which it was met. */
export type Found = Difference & { readonly step: number };

interface InstanceStatus {
  readonly runtimeStatus?: string;
  readonly [name: string]: unknown;
}

/** Plays one recording against a host. */
export class Player {
  readonly #world: World;
  readonly #recording: Recording;
  readonly #templates: Templates;
  #lastMs = 0;

  constructor(world: World, recording: Recording) {
    this.#world = world;
    this.#recording = recording;
    this.#templates = new Templates(world);
  }

  /** Undefined when this host did the same. */
  async play(): Promise<Found | undefined> {
    const { steps } = this.#recording;
    const unstable = unstableSteps(this.#recording);
    for (let index = 0; index < steps.length;) {
      const group = groupAt(steps, index);
      const found = await this.#playGroup(group, index, unstable);
      if (found) return found;
      index += group.length;
    }
    return undefined;
  }

  /** Steps that were sent at the same time; equal requests are paired in the order of their answers. */
  async #playGroup(
    group: readonly Step[],
    first: number,
    unstable: ReadonlySet<number>,
  ): Promise<Found | undefined> {
    const played = group.map((step, offset) =>
      this.#step(step, unstable.has(first + offset)).catch((error: unknown): Difference => ({
        path: 'step',
        expected: 'an answer',
        actual: String(error),
      })),
    );
    const differences = await Promise.all(played);
    const offset = differences.findIndex((difference) => difference !== undefined);
    const difference = differences[offset];
    return difference && { ...difference, step: first + offset };
  }

  async #step(step: Step, unstable: boolean): Promise<Difference | undefined> {
    switch (step.do) {
      case 'pause':
        await delay(step.ms);
        return undefined;
      case 'request':
        return this.#request(step, unstable);
      case 'until':
        return this.#until(step, unstable);
      case 'collect':
        return this.#collect(step, unstable);
      case 'ledger':
        return unstable ? undefined : this.#ledger(step);
      case 'note':
        return unstable ? undefined : this.#note(step);
    }
  }

  async #request(step: RequestStep, unstable: boolean): Promise<Difference | undefined> {
    const startedAt = Date.now();
    let answer: Answer;
    try {
      answer = await this.#send(step);
    } catch (error) {
      return (
        step.response && { path: 'answer', expected: step.response.status, actual: String(error) }
      );
    }
    this.#lastMs = Date.now() - startedAt;
    const token = answer.headers.get('x-ms-continuation-token');
    if (typeof token === 'string') this.#templates.token = token;
    if (!step.response) return { path: 'answer', expected: step.error, actual: answer.status };
    const found = differenceOfAnswers(this.#templates, step.response, answer);
    return unstable && found?.path !== 'status' ? undefined : found;
  }

  #send({ base, request }: RequestStep): Promise<Answer> {
    const templates = this.#templates;
    const body = toBody(request, templates);
    return call(base === 'rpc' ? this.#world.rpc : this.#world.base, {
      method: request.method,
      path: templates.fill(request.path),
      headers: templates.fillAll(request.headers ?? {}) as Record<string, string>,
      ...(body === undefined ? {} : { body }),
      ...(request.chunkedBody === undefined ? {} : { chunks: request.chunkedBody }),
    });
  }

  async #until(step: UntilStep, unstable: boolean): Promise<Difference | undefined> {
    const actual = await this.#waitFor(step);
    const expected = { reached: step.reached, last: step.last };
    return unstable ? undefined : differenceOf(this.#templates, [expected, actual], 'until');
  }

  /** A state that was never reached is waited for as long as it was in the recording. */
  async #waitFor(step: UntilStep): Promise<{ reached: boolean; last: string }> {
    const limitMs = step.reached ? Math.max(20_000, 3 * (step.tookMs ?? 0)) : (step.timeoutMs ?? 0);
    const end = Date.now() + limitMs;
    for (;;) {
      const answer = await this.#instance(this.#templates.fill(step.id), '');
      const status = (answer.status < 300 ? answer.json() : {}) as InstanceStatus;
      const last = status.runtimeStatus ?? `HTTP ${answer.status}`;
      const reached = step.runtimeStatus.includes(last) && holds(step.also, status);
      if (reached || Date.now() > end) return { reached, last };
      await delay(100);
    }
  }

  async #collect(step: CollectStep, unstable: boolean): Promise<Difference | undefined> {
    const id = this.#templates.fill(step.id);
    const answer = await this.#instance(id, '?showHistory=true&showHistoryOutput=true');
    const runs = await this.#readLedger('runs', id);
    if (!unstable) {
      const list = Array.isArray(runs) ? (runs as { name: string; input: unknown }[]) : [];
      return differenceOfInstances(this.#templates, step, { answer, runs: list });
    }
    const status = (answer.status < 300 ? answer.json() : {}) as InstanceStatus;
    const expected = [step.httpStatus, step.status?.['runtimeStatus']];
    return differenceOf(this.#templates, [expected, [answer.status, status.runtimeStatus]]);
  }

  async #ledger(step: LedgerStep): Promise<Difference | undefined> {
    const value = await this.#readLedger(step.kind, this.#templates.fill(step.key));
    return differenceOf(this.#templates, [step.value, value], `${step.kind}/${step.key}`);
  }

  #note(step: Step & { readonly do: 'note' }): Promise<Difference | undefined> {
    return differenceOfNote(step, {
      templates: this.#templates,
      lastMs: this.#lastMs,
      seen: (key, atLeast) => readAtLeast(() => this.#readLedger('seen', key), atLeast),
    });
  }

  #instance(id: string, query: string): Promise<Answer> {
    return call(this.#world.base, {
      path: `/runtime/webhooks/durabletask/instances/${id}${query}`,
      headers: { 'x-functions-key': this.#world.keys['durable'] ?? '' },
    });
  }

  async #readLedger(kind: string, key: string): Promise<unknown> {
    const path = `${this.#world.routePrefix}/ledger/${kind}/${encodeURIComponent(key)}`;
    return (await call(this.#world.base, { path })).json();
  }
}

function groupAt(steps: readonly Step[], index: number): readonly Step[] {
  const together = steps[index]?.together;
  const rest = steps.slice(index);
  const length = rest.findIndex((step, offset) => offset > 0 && step.together !== together);
  return together === undefined
    ? rest.slice(0, 1)
    : rest.slice(0, length < 0 ? rest.length : length);
}

function toBody(request: RequestStep['request'], templates: Templates): Buffer | undefined {
  const bytes = /^bytes ([0-9a-f ]+)$/.exec(request.bodyNote ?? '');
  if (bytes) return Buffer.from((bytes[1] ?? '').replaceAll(' ', ''), 'hex');
  if ('json' in request) return Buffer.from(JSON.stringify(templates.fillAll(request.json)));
  return request.body === undefined ? undefined : Buffer.from(templates.fill(request.body));
}

/** The two forms in which recordings ask for more than a state. */
function holds(condition: string | undefined, status: Readonly<Record<string, unknown>>): boolean {
  if (condition === undefined) return true;
  const equals = /^\(j\) => j\.(\w+) === '([^']*)'$/.exec(condition);
  if (equals) return status[equals[1] ?? ''] === equals[2];
  const includes = /^\(j\) => JSON\.stringify\(j\.(\w+)\)\.includes\('([^']*)'\)$/.exec(condition);
  if (!includes) throw new Error(`This condition is not understood: ${condition}`);
  return JSON.stringify(status[includes[1] ?? ''] ?? null).includes(includes[2] ?? '');
}

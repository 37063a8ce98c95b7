/** Counts calls across objects and lets one of them break down. */
export class Faults {
  calls = 0;
  readonly #at: number;
  readonly #moment: 'before' | 'after';

  /** @param at which call breaks down, from 1; 0 for none. */
  constructor(at = 0, moment: 'before' | 'after' = 'before') {
    this.#at = at;
    this.#moment = moment;
  }

  /** The same object, its asynchronous methods counted. */
  on<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name, object);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => this.#call(() => member.apply(object, args) as unknown);
      },
    });
  }

  /** As {@link on}, for a function. */
  onCall<A, R>(work: (argument: A) => Promise<R>): (argument: A) => Promise<R> {
    return async (argument) => (await this.#call(() => work(argument))) as R;
  }

  async #call(work: () => unknown): Promise<unknown> {
    this.calls += 1;
    const breaks = this.calls === this.#at;
    if (breaks && this.#moment === 'before') throw new Error('broken down');
    const result = await work();
    if (breaks) throw new Error('broken down');
    return result;
  }
}

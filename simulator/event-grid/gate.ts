/** Lets at most `capacity` tasks run at once; the others wait in line. */
export class Gate {
  private readonly capacity: number;
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.capacity) await new Promise<void>((go) => this.waiting.push(go));
    else this.running += 1;
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}

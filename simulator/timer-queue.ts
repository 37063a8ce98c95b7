export interface Timer {
  readonly time: number;
  readonly run: () => void;
  canceled: boolean;
}

/** Timers in the order they are due; those due at the same time in the order they were added. */
export class TimerQueue {
  private readonly heap: { readonly timer: Timer; readonly order: number }[] = [];
  private added = 0;

  add(time: number, run: () => void): Timer {
    const timer: Timer = { time, run, canceled: false };
    this.heap.push({ timer, order: this.added++ });
    this.siftUp(this.heap.length - 1);
    return timer;
  }

  /** The next timer that was not canceled, left in the queue. */
  peek(): Timer | undefined {
    while (this.heap[0]?.timer.canceled === true) this.shift();
    return this.heap[0]?.timer;
  }

  /** Takes the next timer out if it is due at `time`. */
  takeDue(time: number): Timer | undefined {
    const next = this.peek();
    if (next === undefined || next.time > time) return undefined;
    this.shift();
    return next;
  }

  private shift(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.siftDown();
  }

  private siftUp(start: number): void {
    for (let index = start; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!this.precedes(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  private siftDown(): void {
    for (let index = 0; ;) {
      const left = 2 * index + 1;
      const first = this.precedes(left + 1, left) ? left + 1 : left;
      if (!this.precedes(first, index)) return;
      this.swap(first, index);
      index = first;
    }
  }

  private precedes(one: number, other: number): boolean {
    const a = this.heap[one];
    const b = this.heap[other];
    if (a === undefined || b === undefined) return false;
    return a.timer.time === b.timer.time ? a.order < b.order : a.timer.time < b.timer.time;
  }

  private swap(one: number, other: number): void {
    const a = this.heap[one];
    const b = this.heap[other];
    if (a === undefined || b === undefined) return;
    this.heap[one] = b;
    this.heap[other] = a;
  }
}

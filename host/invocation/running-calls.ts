/** The functions that are running. */
export interface RunningCalls {
  /** Counts a call until it ends. */
  count<T>(functionName: string, call: () => Promise<T>): Promise<T>;
  /** Each with its number of calls: `hello`, `greet (3)` */
  names(): string[];
}

export function countCalls(): RunningCalls {
  const counts = new Map<string, number>();
  const add = (name: string, change: number): void => {
    const count = (counts.get(name) ?? 0) + change;
    if (count === 0) counts.delete(name);
    else counts.set(name, count);
  };
  return {
    async count(functionName, call) {
      add(functionName, 1);
      try {
        return await call();
      } finally {
        add(functionName, -1);
      }
    },
    names: () =>
      [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count})`)).sort(),
  };
}

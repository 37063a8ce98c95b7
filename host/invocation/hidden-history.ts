/**
 * Runs an orchestrator while the history in its trigger value is not enumerable. Before each replay
 * the SDK visits all that is, to turn times written as text into dates, which is more work than the
 * replay; the histories of this host hold dates. Hooks see the value as it is on Azure.
 */
export async function withHiddenHistory<Result>(
  trigger: unknown,
  run: () => Promise<Result>,
): Promise<Result> {
  if (typeof trigger !== 'object' || trigger === null || !('history' in trigger)) return run();
  Object.defineProperty(trigger, 'history', { enumerable: false });
  try {
    return await run();
  } finally {
    Object.defineProperty(trigger, 'history', { enumerable: true });
  }
}

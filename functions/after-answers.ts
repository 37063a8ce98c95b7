/** How long work waits for calls that are being answered, at most. */
const longestWaitMs = 50;

let answering = 0;
let quiet:
  { readonly promise: Promise<unknown>; readonly resolve: (value: undefined) => void } | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Answers a call. Work of {@link afterAnswers} waits for it. */
export async function whileAnswering<T>(answer: () => Promise<T>): Promise<T> {
  answering += 1;
  try {
    return await answer();
  } finally {
    answering -= 1;
    if (answering === 0) quiet?.resolve(undefined);
  }
}

/** Does pieces of work one after the other, each when nobody is being answered: callers in a burst go first. */
export function afterAnswers(work: () => Promise<void>): Promise<void> {
  const done = last.then(untilQuiet).then(work);
  last = done.catch(() => undefined);
  return done;
}

async function untilQuiet(): Promise<void> {
  await new Promise(setImmediate);
  if (answering === 0) return;
  const { promise, resolve } = (quiet ??= Promise.withResolvers<undefined>());
  const patience = setTimeout(resolve, longestWaitMs, undefined);
  await promise;
  clearTimeout(patience);
  quiet = undefined;
}

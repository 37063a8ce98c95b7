let last: Promise<unknown> = Promise.resolve();

/** Does pieces of work one after the other, each in a turn of its own: whoever is being answered goes first. */
export function inTurn(work: () => Promise<void>): Promise<void> {
  const done = last.then(() => new Promise(setImmediate)).then(work);
  last = done.catch(() => undefined);
  return done;
}

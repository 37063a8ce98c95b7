/**
 * Answers many questions with few requests: what is asked in one turn of the event loop, or while a
 * request is on its way, is asked together in the next one.
 *
 * @param ask for many keys at once; its error is the error of everybody whose keys were among them.
 * @returns asks for some keys; the answer may hold more than was asked for.
 */
export function gathered<Key, Answer>(
  ask: (keys: readonly Key[]) => Promise<Answer>,
): (keys: readonly Key[]) => Promise<Answer> {
  let next: { readonly keys: Set<Key>; readonly answer: Promise<Answer> } | undefined;
  let onItsWay: Promise<unknown> = Promise.resolve();

  const send = async (keys: ReadonlySet<Key>): Promise<Answer> => {
    await Promise.allSettled([onItsWay]);
    await new Promise(setImmediate);
    next = undefined;
    const answer = ask([...keys]);
    onItsWay = answer;
    return answer;
  };
  return (keys) => {
    if (next === undefined) {
      const gathering = new Set<Key>();
      next = { keys: gathering, answer: send(gathering) };
    }
    for (const key of keys) next.keys.add(key);
    return next.answer;
  };
}

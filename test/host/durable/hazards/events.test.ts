import { activity, orchestrator, wait } from '../support/define';
import type { Driver } from '../support/driver';
import { testInEachMode, testSound } from '../support/modes';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('../support/functions-core'), {
  virtual: true,
});

/** Raises events one after the other, each in a run of its own. */
const raise =
  (...names: readonly string[]) =>
  async (driver: Driver, id: string): Promise<void> => {
    for (const [index, name] of names.entries()) {
      await driver.engine.raiseEvent(id, name, String(index + 1));
      await driver.rest();
    }
  };

activity('echo', (value) => value);
orchestrator('two at once', function* (df) {
  return yield* wait(df.Task.all([df.waitForExternalEvent('e'), df.waitForExternalEvent('e')]));
});
orchestrator('one after the other', function* (df) {
  return [yield* wait(df.waitForExternalEvent('e')), yield* wait(df.waitForExternalEvent('e'))];
});
orchestrator('different names', function* (df) {
  return yield* wait(df.Task.all([df.waitForExternalEvent('a'), df.waitForExternalEvent('b')]));
});
orchestrator('one wait, two races', function* (df) {
  const event = df.waitForExternalEvent('e');
  yield df.Task.any([event, df.waitForExternalEvent('other')]);
  yield df.Task.any([event, df.waitForExternalEvent('another')]);
  yield df.waitForExternalEvent('pause');
  return [event.result, yield* wait(df.waitForExternalEvent('e'))];
});
orchestrator('one wait, two races, one event', function* (df) {
  const event = df.waitForExternalEvent('e');
  yield df.Task.any([event, df.waitForExternalEvent('other')]);
  yield df.Task.any([event, df.waitForExternalEvent('another')]);
  return event.result;
});
orchestrator('fresh wait for each race', function* (df) {
  yield df.Task.any([df.waitForExternalEvent('e'), df.waitForExternalEvent('other')]);
  const fresh = df.waitForExternalEvent('e');
  yield df.Task.any([fresh, df.waitForExternalEvent('another')]);
  return fresh.result;
});
orchestrator('lost race', function* (df) {
  yield df.Task.any([df.waitForExternalEvent('e'), df.waitForExternalEvent('other')]);
  yield df.waitForExternalEvent('pause');
  return yield* wait(df.waitForExternalEvent('e'));
});
orchestrator('either', function* (df) {
  yield df.Task.any([df.waitForExternalEvent('yes'), df.waitForExternalEvent('no')]);
  return yield* wait(df.waitForExternalEvent('end'));
});
orchestrator('letter case', function* (df) {
  return yield* wait(df.waitForExternalEvent('go'));
});
orchestrator('collects', function* (df) {
  const { items } = df.getInput<{ items: unknown[] }>();
  const next = [...items, yield df.waitForExternalEvent('item')];
  if (next.length === 2) return next;
  yield df.waitForExternalEvent('pause');
  df.continueAsNew({ items: next });
  return undefined;
});

orchestrator('came, and in Task.all', function* (df) {
  const event = df.waitForExternalEvent('e');
  yield df.Task.any([event, df.waitForExternalEvent('other')]);
  return yield* wait(df.Task.all([event, df.callActivity('echo', 1)]));
});
orchestrator('came, and in Task.any', function* (df) {
  const event = df.waitForExternalEvent('e');
  yield df.Task.any([event, df.waitForExternalEvent('other')]);
  yield df.Task.any([event, df.waitForExternalEvent('another')]);
  return event.result;
});

const old = { code: 'EventWentToOldWait' } as const;

testInEachMode([
  {
    ...{ run: 'two at once', code: 'TwoWaitsForOneEvent', severity: 'warning' },
    says: "two waits for the event 'e' are open at once; the newest one gets the first event.",
    meanwhile: raise('e', 'e'),
    azure: { output: [2, 1] },
  },
  {
    ...{ run: 'one wait, two races', ...old, severity: 'failure' },
    says: "an event 'e' went to an earlier wait that had its event already and was part of more than one Task.any; on Azure this wait does not get it.",
    meanwhile: raise('other', 'e', 'e', 'pause'),
    azure: 'hangs',
  },
  {
    ...{ run: 'came, and in Task.all', code: 'EventWaitedForAgain', severity: 'failure' },
    says: "the wait for event 'e' that has already ended is part of another Task.all; Azure waits for it a second time and the wait never ends. Yield a finished task by itself.",
    ...{ meanwhile: raise('e'), azure: 'hangs' },
  },
  {
    ...{ run: 'came, and in Task.any', code: 'EventWaitedForAgain', severity: 'warning' },
    says: "the wait for event 'e' that has already ended is part of another Task.any; Azure waits for something else in it.",
    ...{ meanwhile: raise('e', 'another'), azure: { output: 1 } },
  },
  {
    ...{ run: 'lost race', ...old, severity: 'warning' },
    says: "an event 'e' went to an earlier wait that had lost its race; on Azure this wait does not get it.",
    meanwhile: raise('other', 'e', 'pause', 'e'),
    azure: { output: 4 },
  },
  {
    ...{ run: 'letter case', code: 'EventNameCase', severity: 'warning' },
    says: "an event 'GO' came in while the orchestrator waits for 'go'; Azure tells them apart.",
    meanwhile: raise('GO', 'go'),
    azure: { output: 2 },
  },
  {
    ...{ run: 'collects', input: { items: [] }, severity: 'warning' },
    code: 'EventsLostAtContinueAsNew',
    says: "2 events 'item' came in and nobody took them before continueAsNew; Azure drops them.",
    meanwhile: raise('item', 'item', 'item', 'pause', 'item'),
    azure: { output: [1, 5] },
  },
]);

testSound([
  { run: 'one after the other', meanwhile: raise('e', 'e'), output: [1, 2] },
  { run: 'different names', meanwhile: raise('b', 'a'), output: [2, 1] },
  { run: 'one wait, two races, one event', meanwhile: raise('other', 'e'), output: 2 },
  { run: 'fresh wait for each race', meanwhile: raise('other', 'e'), output: 2 },
  { run: 'either', meanwhile: raise('yes', 'no', 'end'), output: 3 },
  { run: 'letter case', meanwhile: raise('elsewhere', 'go'), output: 2 },
  {
    ...{ run: 'collects', input: { items: [] }, output: [1, 4] },
    meanwhile: raise('item', 'unasked', 'pause', 'item'),
  },
]);

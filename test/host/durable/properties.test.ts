import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Driver, shown } from './support/driver';
import { ManualClock } from './support/manual-clock';
import { registerPrograms } from './support/program-runner';
import type { Program } from './support/programs';
import { accounts, expected, programs, wantedEvents } from './support/programs';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

/** Failing examples are printed with their seed: `fc.assert(property, { seed, path })` repeats them. */
const effort =
  process.env['STEWARD_FULL'] === '1'
    ? { numRuns: 1500, interruptAfterTimeLimit: 60_000 }
    : { numRuns: 60, interruptAfterTimeLimit: 2500 };

const patienceMs = 120_000;

const limits = fc.record({
  maxConcurrentActivityFunctions: fc.integer({ min: 1, max: 4 }),
  maxConcurrentOrchestratorFunctions: fc.integer({ min: 1, max: 4 }),
  maxConcurrentEntityFunctions: fc.integer({ min: 1, max: 4 }),
  maxEntityOperationBatchSize: fc.integer({ min: 1, max: 4 }),
});

/** Something that happens in between: the next event is sent, or the engine gets a moment. */
const moments = fc.array(fc.constantFrom('event' as const, 'turn' as const), { maxLength: 30 });

const folder = mkdtempSync(join(tmpdir(), 'durable-properties-'));
let clock = new ManualClock();
let runs = 0;

beforeAll(() => {
  registerPrograms(() => clock.now());
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function open(more: ConstructorParameters<typeof Driver>[0] = {}): Driver {
  const driver = new Driver({ clock, ...more });
  driver.engine.open();
  return driver;
}

async function begin(driver: Driver, program: Program): Promise<string> {
  runs += 1;
  return driver.start('program', { program }, { instanceId: `run-${runs}` });
}

/** Sends the events in between, and what is left of them at the end. */
async function speak(
  driver: Driver,
  to: { readonly id: string; readonly names: readonly string[] },
  when: readonly ('event' | 'turn')[],
): Promise<void> {
  const counts = new Map<string, number>();
  const left = [...to.names];
  const send = async (): Promise<void> => {
    const name = left.shift();
    if (name === undefined) return;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    await driver.engine.raiseEvent(to.id, name, String(counts.get(name)));
  };
  for (const moment of when) await (moment === 'event' ? send() : new Promise(setImmediate));
  while (left.length > 0) await send();
}

/** What was moved between the shared accounts, by what they hold. */
async function sumOfAccounts(driver: Driver): Promise<number> {
  const read = accounts.map((key) => driver.engine.readEntity({ name: 'total', key }));
  const entities = await Promise.all(read);
  return entities.reduce((sum, entity) => sum + Number(entity?.state ?? 0), 0);
}

test(
  'any program comes to what the model says, whatever may run at once and whenever events come',
  async () => {
    const property = fc.asyncProperty(
      programs,
      limits,
      moments,
      async (program, settings, when) => {
        clock = new ManualClock();
        const driver = open({ settings });
        const id = await begin(driver, program);
        const names = wantedEvents(program);
        await speak(driver, { id, names }, when);
        const { output } = await driver.ended(id);
        await driver.engine.close(100);

        expect(shown(output)).toEqual(expected(program));
      },
    );

    await fc.assert(property, effort);
  },
  patienceMs,
);

test(
  'programs side by side come to what they come to alone, and move every amount whole',
  async () => {
    const property = fc.asyncProperty(
      fc.array(programs, { minLength: 2, maxLength: 4 }),
      limits,
      async (several, settings) => {
        clock = new ManualClock();
        const driver = open({ settings });
        const ids = await Promise.all(several.map((program) => begin(driver, program)));
        for (const [index, id] of ids.entries()) {
          await speak(driver, { id, names: wantedEvents(several[index] ?? []) }, []);
        }
        const outputs: unknown[] = [];
        for (const id of ids) outputs.push(shown((await driver.ended(id)).output));
        const sum = await sumOfAccounts(driver);
        await driver.engine.close(100);

        expect(outputs).toEqual(several.map(expected));
        expect(sum).toBe(0);
      },
    );

    await fc.assert(property, { ...effort, numRuns: effort.numRuns / 3 });
  },
  patienceMs,
);

/** The store as a process leaves it that is killed between two turns: with what was committed. */
function killed(driver: Driver, path: string): Promise<string> {
  runs += 1;
  const copy = join(folder, `${runs}.db`);
  copyFileSync(path, copy);
  copyFileSync(`${path}-wal`, `${copy}-wal`);
  return driver.engine.close(0).then(() => copy);
}

test(
  'any program comes to the same when its process is killed on the way, again and again',
  async () => {
    const property = fc.asyncProperty(
      programs,
      fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 }),
      limits,
      async (program, lives, settings) => {
        clock = new ManualClock();
        let path = join(folder, `${runs}-first.db`);
        let driver = open({ databasePath: path, settings });
        const id = await begin(driver, program);
        await speak(driver, { id, names: wantedEvents(program) }, []);
        for (const turns of lives) {
          for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
          if (turns % 2 === 1) {
            await driver.rest(); // an attempt that is under way belongs to the time before
            if (clock.next !== undefined) clock.moveTo(clock.next);
          }
          path = await killed(driver, path);
          driver = open({ databasePath: path, settings });
        }
        const { output } = await driver.ended(id);
        const sum = await sumOfAccounts(driver);
        await driver.engine.close(100);

        expect(shown(output)).toEqual(expected(program));
        expect(sum).toBe(0);
      },
    );

    await fc.assert(property, effort);
  },
  patienceMs,
);

test(
  'a program leaves the same entries in its history each time',
  async () => {
    const property = fc.asyncProperty(programs, async (program) => {
      const histories: number[][] = [];
      while (histories.length < 2) {
        clock = new ManualClock();
        const driver = new Driver({ clock });
        const id = await begin(driver, program);
        await speak(driver, { id, names: wantedEvents(program) }, []);
        driver.engine.open();
        await driver.ended(id);
        // What happens at the same time may be written down in another order.
        histories.push((await driver.historyTypes(id)).sort((a, b) => a - b));
        await driver.engine.close(100);
      }

      expect(histories[0]).toEqual(histories[1]);
    });

    await fc.assert(property, { ...effort, numRuns: effort.numRuns / 3 });
  },
  patienceMs,
);

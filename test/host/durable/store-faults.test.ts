import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../../../host/durable/store/database';
import { Facade } from '../../../host/durable/facade';
import { activity, orchestrator, wait } from './support/define';
import { Driver } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const pageSize = 4096;
const ran: string[] = [];
let folder: string;
let path: string;

beforeAll(() => {
  activity('note', (key: string) => {
    ran.push(key);
    return { key };
  });
  orchestrator('listens', function* (df) {
    const heard = yield* wait<string>(df.waitForExternalEvent('word'));
    return yield df.callActivity('note', heard);
  });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durable-faults-'));
  path = join(folder, 'durable.db');
  ran.length = 0;
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An engine, and the connection through which its disk can be filled and its memory emptied. */
function openDriver(): { driver: Driver; database: DatabaseSync } {
  const database = openDatabase(path);
  const driver = new Driver({ open: (options) => new Facade(options, database) });
  driver.engine.open();
  return { driver, database };
}

/** Asks again until the store works, which is looked at in the machine's time. */
async function eventually<Value>(act: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await act();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

const noSpace = 'No space is left for the store: orchestrations wait. Free some, and they go on.';

describe('a disk that is full', () => {
  it('stops the work with one line, and the work goes on when there is space', async () => {
    const { driver, database } = openDriver();
    await driver.start('listens', undefined, { instanceId: 'x' });
    await driver.rest();
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    database.exec(`PRAGMA max_page_count = ${pages}`);

    const big = JSON.stringify('w'.repeat(100_000));
    const refused = [];
    for (let round = 0; round < 5; round += 1) {
      refused.push(await driver.engine.raiseEvent('x', 'word', big).catch(String));
    }
    database.exec('PRAGMA max_page_count = 1000000');
    await eventually(() => driver.engine.raiseEvent('x', 'word', big));
    const { runtimeStatus } = await driver.ended('x');
    await driver.engine.close(100);

    expect(new Set(refused)).toEqual(new Set([`HostError: ${noSpace}`]));
    expect(driver.logs).toEqual([
      `error: ${noSpace}`,
      'information: The store works again; orchestrations go on.',
    ]);
    expect([runtimeStatus, ran.length]).toEqual(['Completed', 1]);
  });

  it('costs no second run of an activity that ended meanwhile', async () => {
    const { driver, database } = openDriver();
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    activity('fillsDisk', () => {
      ran.push('fillsDisk');
      database.exec(`PRAGMA max_page_count = ${pages}`);
      return 'w'.repeat(200_000);
    });
    orchestrator('callsOnce', function* (df) {
      return yield df.callActivity('fillsDisk', null);
    });

    await driver.start('callsOnce', undefined, { instanceId: 'y' });
    await driver.rest();
    database.exec('PRAGMA max_page_count = 1000000');
    await eventually(() => driver.engine.status('y'));
    const { runtimeStatus } = await driver.ended('y');
    await driver.engine.close(100);

    expect([runtimeStatus, ran]).toEqual(['Completed', ['fillsDisk']]);
  });
});

/** Turns over the bytes at a place of the file. */
function damage(offset: number, length: number): void {
  const file = openSync(path, 'r+');
  const bytes = readFileSync(path).subarray(offset, offset + length);
  writeSync(
    file,
    bytes.map((byte) => byte ^ 0xff),
    0,
    length,
    offset,
  );
  closeSync(file);
}

/** A store with many pages, closed. */
async function fill(): Promise<number> {
  const { driver } = openDriver();
  for (let index = 0; index < 60; index += 1) {
    await driver.engine.start({
      functionName: 'listens',
      instanceId: `i${index}`,
      input: JSON.stringify('x'.repeat(1500)),
    });
  }
  await driver.rest();
  await driver.engine.close(100);
  return statSync(path).size / pageSize;
}

describe('a damaged store', () => {
  it('is not opened, whichever page lost its head', async () => {
    const pages = await fill();
    const sound = readFileSync(path);

    const messages = [];
    for (let page = 0; page < pages; page += 1) {
      damage(page * pageSize, 16);
      messages.push(openingFails());
      const file = openSync(path, 'w');
      writeSync(file, sound);
      closeSync(file);
    }

    const clear = /^\S+ is damaged \(.+\)\. Move it away to start empty, or restore a copy\.$/;
    expect(pages).toBeGreaterThan(30);
    expect(messages.filter((message) => !clear.test(message))).toEqual([]);
  });

  it('is noticed while it is in use, and left alone from then on', async () => {
    const pages = await fill();
    const { driver, database } = openDriver();
    await driver.rest();
    for (let page = 1; page < pages; page += 1) damage(page * pageSize, 64);
    database.exec('PRAGMA shrink_memory');

    const refused = [];
    for (let round = 0; round < 3; round += 1) {
      refused.push(await driver.engine.query({ top: 1000 }).catch(String));
    }
    await driver.engine.close(100);

    const told =
      /The store is damaged \(.+\): orchestrations have stopped\. Stop the host, then restore a copy of durable\.db, or move it away to start empty\.$/s;
    expect(refused).toEqual(refused.map(() => expect.stringMatching(told) as string));
    expect(driver.logs).toEqual([expect.stringMatching(told)]);
  });
});

function openingFails(): string {
  try {
    openDatabase(path).close();
    return 'nothing';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

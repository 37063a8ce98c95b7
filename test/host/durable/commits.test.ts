import { DatabaseSync } from 'node:sqlite';
import { Commits } from '../../../host/durable/store/commits';

let database: DatabaseSync;
let commits: Commits;
let failures: unknown[];
let beforeCommit: () => void;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE notes (text TEXT NOT NULL)');
  failures = [];
  beforeCommit = () => undefined;
  commits = new Commits(database, {
    beforeCommit: () => {
      beforeCommit();
    },
    failed: (error) => failures.push(error),
  });
});

afterEach(() => {
  database.close();
});

function write(text: string | null): void {
  commits.begin();
  database.prepare('INSERT INTO notes VALUES (?)').run(text);
}

const notes = () =>
  database
    .prepare('SELECT text FROM notes')
    .all()
    .map((row) => row['text']);

test('writes everything of a turn together, and only then lets it take effect', async () => {
  const effects: boolean[] = [];
  write('a');
  commits.after(() => effects.push(database.isTransaction));
  write('b');
  const during = [...effects, database.isTransaction];

  await commits.settled();

  expect([during, effects, notes()]).toEqual([[true], [false], ['a', 'b']]);
});

test('answers when there is nothing to write', async () => {
  await expect(commits.settled()).resolves.toBeUndefined();
});

test('takes back the whole turn when its end fails', async () => {
  const effect = jest.fn();
  beforeCommit = () => {
    throw new Error('disk full');
  };
  write('a');
  commits.after(effect);

  await expect(commits.settled()).rejects.toThrow('disk full');

  expect([notes(), failures.length, effect.mock.calls.length]).toEqual([[], 1, 0]);
});

test('goes on with the next turn after a failure', async () => {
  beforeCommit = () => {
    throw new Error('disk full');
  };
  write('a');
  await commits.settled().catch(() => undefined);
  beforeCommit = () => undefined;
  write('b');

  await commits.settled();

  expect(notes()).toEqual(['b']);
});

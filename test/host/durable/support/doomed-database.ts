import type { DatabaseSync } from 'node:sqlite';

/** Called right before and right after each commit, with its number. */
export interface CommitWatch {
  before(number: number): void;
  after(number: number): void;
}

/** The same database, with every COMMIT watched. */
export function watchCommits(database: DatabaseSync, watch: CommitWatch): DatabaseSync {
  let commits = 0;
  const prepare = database.prepare.bind(database);
  database.prepare = (sql, ...more) => {
    const statement = prepare(sql, ...more);
    if (sql !== 'COMMIT') return statement;
    const run = statement.run.bind(statement);
    statement.run = () => {
      commits += 1;
      watch.before(commits);
      const changes = run();
      watch.after(commits);
      return changes;
    };
    return statement;
  };
  return database;
}

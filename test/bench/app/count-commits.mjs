// Loaded before the host: counts the transactions that it ends.
import { StatementSync } from 'node:sqlite';

globalThis.committed = 0;
const { run } = StatementSync.prototype;
StatementSync.prototype.run = function (...values) {
  if (this.sourceSQL === 'COMMIT') globalThis.committed += 1;
  return run.apply(this, values);
};

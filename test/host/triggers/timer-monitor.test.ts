import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openTimerMonitor } from '../../../host/triggers/timer-monitor';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-timers-'));
  path = join(folder, 'timers.json');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a timer monitor', () => {
  it('remembers what was set last, for the next process', () => {
    const monitor = openTimerMonitor(path);
    monitor.set('a', { last: undefined, next: 2000, updated: 500 });
    monitor.set('a', { last: 2000, next: 3000, updated: 2000 });
    monitor.set('b', { last: undefined, next: 9, updated: undefined });

    const next = openTimerMonitor(path);

    expect([next.get('a'), next.get('b'), next.get('c')]).toEqual([
      { last: 2000, next: 3000, updated: 2000 },
      { last: undefined, next: 9, updated: undefined },
      undefined,
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('forgets a timer of which the file says nothing usable', () => {
    writeFileSync(path, '{"a":{"next":"soon"},"b":null,"c":{"next":5}}');

    const monitor = openTimerMonitor(path);

    expect(['a', 'b', 'c'].map((name) => monitor.get(name)?.next)).toEqual([
      undefined,
      undefined,
      5,
    ]);
  });
});

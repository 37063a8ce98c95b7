import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLog, type LogEntry } from '../../../host/log';
import { openTimerMonitor } from '../../../host/triggers/timer-monitor';
import { tolerantMonitor } from '../../../host/triggers/tolerant-monitor';

describe('a monitor whose file cannot be written', () => {
  it('says so, and remembers for as long as it runs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-monitor-'));
    const path = join(folder, 'timers.json');
    const entries: LogEntry[] = [];
    const log = createLog((entry) => entries.push(entry), {});
    const monitor = tolerantMonitor(openTimerMonitor(path), log);
    rmSync(folder, { recursive: true });
    const status = { last: 1, next: 2, updated: 1 };

    monitor.set('tick', status);

    expect(monitor.get('tick')).toEqual(status);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      function: 'tick',
      message: expect.stringMatching(
        /timers\.json cannot be written \(.*ENOENT.*\)\. Make it writable, or free some space\. A run that is missed now is not caught up\.$/,
      ) as string,
    });
  });
});

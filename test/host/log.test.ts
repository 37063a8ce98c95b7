import { createLog, type LogEntry, type LogLevels, type LogSubject } from '../../host/log';

/** Messages that are written of one for each level. */
function written(levels: LogLevels, source: 'write' | 'app', about: LogSubject = {}): string[] {
  const entries: LogEntry[] = [];
  const log = createLog((entry) => entries.push(entry), levels);
  for (const level of ['debug', 'information', 'warning', 'error', 'critical'] as const) {
    log[source](level, level, about);
  }
  return entries.map(({ message }) => message);
}

describe('log levels', () => {
  it('begin with information unless host.json says otherwise', () => {
    expect(written({}, 'write')).toEqual(['information', 'warning', 'error', 'critical']);
  });

  it.each([
    ['the default', {}, 'information'],
    ['all functions', { function: 'warning' }, 'warning'],
    ['one function', { function: 'warning', 'function.hello': 'error' }, 'error'],
    ['what it says', { 'function.hello': 'error', 'function.hello.user': 'debug' }, 'debug'],
    ['another function', { default: 'critical', 'function.hell': 'debug' }, 'critical'],
  ] as const)('are taken from the longest category: %s', (_name, levels, first) => {
    expect(written(levels, 'app', { function: 'Hello' })[0]).toBe(first);
  });

  it('tell the lines of the host from those of a function', () => {
    const levels = { host: 'error', function: 'debug' } as const;

    expect([written(levels, 'write')[0], written(levels, 'app')[0]]).toEqual(['error', 'debug']);
  });

  it('may be none', () => {
    expect(written({ default: 'none' }, 'write')).toEqual([]);
  });
});

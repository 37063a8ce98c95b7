export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical';

/** One thing that happened. Keys and other secrets never appear in it. */
export interface LogEntry {
  /** ISO 8601, machine time */
  time: string;
  level: LogLevel;
  message: string;
  /** `host` for the host's own lines, `app` for what a function logged */
  source: 'host' | 'app';
  function?: string;
  invocation?: string;
  instance?: string;
  /** An orchestrator wrote it while it was replayed: it is not the first time */
  replay?: true;
}

export type LogSink = (entry: LogEntry) => void;

/** What a log line is about. */
export type LogSubject = Pick<LogEntry, 'function' | 'invocation' | 'instance' | 'replay'>;

export interface HostLog {
  write(level: LogLevel, message: string, about?: LogSubject): void;
  /** A line that a function wrote. */
  app(level: LogLevel, message: string, about: LogSubject): void;
}

/**
 * The lowest level that is written, by category in small letters, as `logging.logLevel` of
 * `host.json` sets it. The longest category counts: `function.hello` before `function` before
 * `default`.
 */
export type LogLevels = Readonly<Record<string, LogLevel | 'none'>>;

const severity: Record<LogLevel | 'none', number> = {
  trace: 0,
  debug: 1,
  information: 2,
  warning: 3,
  error: 4,
  critical: 5,
  none: 6,
};

/**
 * Categories are those of Azure: `Host` for the host, `Function.<name>` for what it says about a
 * function, `Function.<name>.User` for what a function says.
 */
export function createLog(sink: LogSink, levels: LogLevels): HostLog {
  const least = new Map<string, number>();
  const leastOf = (category: string): number => {
    const known = least.get(category) ?? severity[levelOf(levels, category)];
    least.set(category, known);
    return known;
  };
  const write =
    (source: 'host' | 'app') =>
    (level: LogLevel, message: string, about: LogSubject = {}): void => {
      if (severity[level] < leastOf(categoryOf(source, about))) return;
      sink({ time: new Date().toISOString(), level, message, source, ...about });
    };
  return { write: write('host'), app: write('app') };
}

function categoryOf(source: 'host' | 'app', about: LogSubject): string {
  if (about.function === undefined) return source === 'host' ? 'host' : 'function';
  const category = `function.${about.function.toLowerCase()}`;
  return source === 'host' ? category : `${category}.user`;
}

function levelOf(levels: LogLevels, category: string): LogLevel | 'none' {
  for (let prefix = category; prefix !== '';) {
    const level = levels[prefix];
    if (level !== undefined) return level;
    prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('.')));
  }
  return levels['default'] ?? 'information';
}

/** A sink that writes one JSON object per line. */
export function jsonLines(write: (line: string) => void): LogSink {
  return (entry) => {
    write(`${JSON.stringify(entry)}\n`);
  };
}

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
}

export type LogSink = (entry: LogEntry) => void;

/** What a log line is about. */
export type LogSubject = Pick<LogEntry, 'function' | 'invocation' | 'instance'>;

export interface HostLog {
  write(level: LogLevel, message: string, about?: LogSubject): void;
  /** A line that a function wrote. */
  app(level: LogLevel, message: string, about: LogSubject): void;
}

const severity: Record<LogLevel, number> = {
  trace: 0,
  debug: 1,
  information: 2,
  warning: 3,
  error: 4,
  critical: 5,
};

/** Lowest levels that are written, as `host.json` sets them for the host and for functions. */
export interface LogThresholds {
  host: LogLevel;
  app: LogLevel;
}

export function createLog(sink: LogSink, thresholds: LogThresholds): HostLog {
  const write =
    (source: 'host' | 'app') =>
    (level: LogLevel, message: string, about: LogSubject = {}): void => {
      if (severity[level] < severity[thresholds[source]]) return;
      sink({ time: new Date().toISOString(), level, message, source, ...about });
    };
  return { write: write('host'), app: write('app') };
}

/** A sink that writes one JSON object per line. */
export function jsonLines(write: (line: string) => void): LogSink {
  return (entry) => {
    write(`${JSON.stringify(entry)}\n`);
  };
}

/** Structured log. `event` is a constant such as `cluster.identity.enabling`; what varies is a field. */
export interface Log {
  readonly info: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
}

export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Where the lines go. Every `InvocationContext` is one. */
export interface LogSink {
  info(line: string): void;
  warn(line: string): void;
}

/** Writes each entry as one line of JSON. */
export function jsonLog(sink: LogSink): Log {
  return {
    info: (event, fields) => {
      sink.info(JSON.stringify({ event, ...fields }));
    },
    warn: (event, fields) => {
      sink.warn(JSON.stringify({ event, ...fields }));
    },
  };
}

import { redact, redactFields } from './redaction';
import type { Failure } from './outcome';

/** Structured log. The message is a constant such as `cluster.identity.enabling`; what varies is a field. */
export interface Log {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
}

export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Where the lines go. Every `InvocationContext` is one. */
export interface LogSink {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** What every line of a log says besides its message. */
export interface LogScope {
  readonly now: () => Date;
  /** Fields without a value are left out. */
  readonly about?: Readonly<Record<string, string | undefined>>;
}

/** Writes each entry as one line of JSON, without secrets. */
export function jsonLog(sink: LogSink, { now, about = {} }: LogScope): Log {
  const known = Object.entries(about).filter(([, value]) => value !== undefined && value !== '');
  const write =
    (level: keyof LogSink) =>
    (msg: string, fields: LogFields = {}): void => {
      const line = { t: now().toISOString(), level, msg: redact(msg) };
      const all = { ...(Object.fromEntries(known) as LogFields), ...fields };
      sink[level](JSON.stringify({ ...line, ...redactFields(all) }));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** What a line says about anything that was thrown. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { err: redact(String(error)) };
  return { err: redact(error.stack ?? `${error.name}: ${error.message}`) };
}

/** Fit for a history, a record and an answer. */
export function withoutSecrets(failure: Failure): Failure {
  return { ...failure, message: redact(failure.message) };
}

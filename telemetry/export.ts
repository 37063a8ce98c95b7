/**
 * Sends spans, log lines and measurements to an OTLP receiver. The one file that knows the SDK: it is loaded on demand, as
 * the SDK costs time and memory at every start. Where to, and with which headers, the standard variables say
 * (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`, …); the SDK reads them itself.
 */
import {
  DiagLogLevel,
  SeverityNumber,
  TraceFlags,
  context,
  diag,
  logs,
  metrics,
  trace,
} from '@opentelemetry/api';
import type { Context, LogRecord } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';

import { spanIdOf, traceIdOf } from '../domain/correlation';
import { redact } from '../domain/redaction';
import { instrumentation, plannedPlace } from './spans';
import type { Place } from './spans';

export interface Exporting {
  /** Passes on a line that a function has logged. */
  readonly log: (level: string, line: string) => void;
  /** Sends what is still waiting, and nothing after it. */
  readonly shutdown: () => Promise<void>;
}

/**
 * @param version of the app.
 * @param report is told when something cannot be sent.
 */
export function startExport(version: string, report: (problem: string) => void): Exporting {
  reportTo(report);
  const own = resourceFromAttributes({
    'service.name': instrumentation,
    'service.version': version,
  });
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }));
  const tracing = new TracerProvider({
    resource,
    idGenerator: new PlannedIds(),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  const logging = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
  });
  const readers = [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })];
  const metering = new MeterProvider({ resource, readers });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracing);
  logs.setGlobalLoggerProvider(logging);
  metrics.setGlobalMeterProvider(metering);
  const logger = logs.getLogger(instrumentation);
  return {
    log: (level, line) => {
      logger.emit(logRecord(level, line));
    },
    shutdown: async () => {
      const all = [tracing, logging, metering];
      await Promise.allSettled(all.map((provider) => provider.shutdown()));
    },
  };
}

function reportTo(report: (problem: string) => void): void {
  const quiet = () => undefined;
  const error = (...words: readonly unknown[]): void => {
    report(redact(words.map(String).join(' ')));
  };
  const logger = { error, warn: quiet, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
}

/** Draws lots, but a span that is known from elsewhere gets the ids that it is known by. */
class PlannedIds extends RandomIdGenerator {
  override generateTraceId(): string {
    return planned()?.traceId ?? super.generateTraceId();
  }

  override generateSpanId(): string {
    return planned()?.spanId ?? super.generateSpanId();
  }
}

function planned(): Place | undefined {
  return context.active().getValue(plannedPlace) as Place | undefined;
}

const severities: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  information: SeverityNumber.INFO,
  warning: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  critical: SeverityNumber.FATAL,
};

function logRecord(level: string, line: string): LogRecord {
  const severity = {
    severityText: level,
    severityNumber: severities[level] ?? SeverityNumber.INFO,
  };
  const fields = fieldsOf(line);
  if (!fields) return { ...severity, body: redact(line) };
  const { msg = '', ...attributes } = fields;
  return { ...severity, body: msg, attributes, context: contextOf(attributes) };
}

/** A line belongs to the trace that its correlation id names: a trigger and replayed code have no span of their own. */
function contextOf({ correlationId, run, event }: Fields): Context {
  const active = context.active();
  if (correlationId === undefined || trace.getSpanContext(active)) return active;
  const spanId = spanIdOf(run ?? event?.slice(0, 32) ?? '');
  const around = { traceId: traceIdOf(correlationId), spanId, traceFlags: TraceFlags.SAMPLED };
  return trace.setSpanContext(active, around);
}

type Fields = Readonly<Record<string, string>>;

function fieldsOf(line: string): Fields | undefined {
  if (!line.startsWith('{"t":')) return undefined;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}

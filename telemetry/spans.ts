/**
 * Spans, through the API alone: without an exporter all of this does next to nothing. Nothing here is called from replayed
 * code; the spans of a run find each other by ids that follow from its name, see `domain/correlation.ts`.
 */
import {
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  context,
  createContextKey,
  trace,
} from '@opentelemetry/api';
import type { Context, Span, SpanOptions } from '@opentelemetry/api';

import { toKebabCase } from '../domain/outcome';
import { redactFields } from '../domain/redaction';
import type { Field } from '../domain/redaction';

export const instrumentation = 'aks-identity-steward';

export type Attributes = Readonly<Record<string, Field | undefined>>;

/** Where a span belongs, when it is not the one that is active. */
export interface Place {
  readonly traceId: string;
  /** Absent for the first span of the trace. */
  readonly parentSpanId?: string;
  /** Id that others know the span by, from wherever they are. */
  readonly spanId?: string;
}

export interface SpanOf {
  readonly name: string;
  readonly place?: Place;
  readonly kind?: 'internal' | 'client';
  readonly attributes?: Attributes;
}

/** Why work has failed; every `Failure` is one. */
export interface Problem {
  readonly code: string;
  readonly message: string;
}

/** What is learned while the work goes on. */
export interface Noting {
  readonly note: (attributes: Attributes) => void;
  readonly failed: (failure: Problem) => void;
}

/** Does work inside a span: calls to Azure that the work makes become its children. */
export function inSpan<T>(of: SpanOf, work: (span: Noting) => Promise<T>): Promise<T> {
  const { around, span } = begin(of, {});
  return context.with(trace.setSpan(around, span), async () => {
    try {
      return await work(noting(span));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      noting(span).failed({ code: 'Unavailable', message });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Writes down a span of something that is over, such as a whole run. */
export function recordSpan(of: SpanOf & { readonly startTime: number }, failure?: Problem): void {
  const { span } = begin(of, { startTime: of.startTime });
  if (failure) noting(span).failed(failure);
  span.end();
}

/** The ids that a span is to have; an exporter's generator asks for them where it would draw lots. */
export const plannedPlace = createContextKey('steward planned place');

function begin(
  { name, place, kind = 'internal', attributes = {} }: SpanOf,
  more: SpanOptions,
): { readonly around: Context; readonly span: Span } {
  const around = place ? below(place) : context.active();
  const options: SpanOptions = {
    ...more,
    kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
    attributes: clean(attributes),
  };
  const start = () => trace.getTracer(instrumentation).startSpan(name, options, around);
  return { around, span: context.with(around.setValue(plannedPlace, place), start) };
}

function below({ traceId, parentSpanId }: Place): Context {
  const outside = trace.deleteSpan(context.active());
  if (parentSpanId === undefined) return outside;
  const parent = { traceId, spanId: parentSpanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return trace.setSpanContext(outside, parent);
}

function noting(span: Span): Noting {
  return {
    note: (attributes) => span.setAttributes(clean(attributes)),
    failed: ({ code, message }) => {
      span.setStatus({
        code: SpanStatusCode.ERROR,
        ...(clean({ message }) as { message: string }),
      });
      span.setAttribute('error.type', toKebabCase(code));
    },
  };
}

function clean(attributes: Attributes): Record<string, string | number | boolean | string[]> {
  const present = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return redactFields(Object.fromEntries(present) as Record<string, Field>) as Record<
    string,
    string | number | boolean | string[]
  >;
}

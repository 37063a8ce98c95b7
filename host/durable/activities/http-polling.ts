import type { HttpRequest } from '../orchestrations/actions';
import type { AnswerHeaders } from './http-headers';

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: AnswerHeaders;
}

function answerOf(result: unknown): HttpAnswer | undefined {
  return typeof result === 'string' ? (JSON.parse(result) as HttpAnswer) : undefined;
}

function header(answer: HttpAnswer | undefined, name: string): string | undefined {
  const found = Object.entries(answer?.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  const value = found?.[1];
  return typeof value === 'string' ? value : value?.[0];
}

/** Whether the answer (JSON text of the activity's result) says that the work goes on. */
export function isAccepted(request: HttpRequest, result: unknown): boolean {
  return request.asynchronousPatternEnabled === true && answerOf(result)?.statusCode === 202;
}

/** What to ask next; undefined when the answer does not say where. */
export function pollRequest(request: HttpRequest, result: unknown): HttpRequest | undefined {
  const location = header(answerOf(result), 'location');
  if (location === undefined) return undefined;
  const { headers, tokenSource, asynchronousPatternEnabled } = request;
  return {
    method: 'GET',
    uri: new URL(location, request.uri).href,
    ...(headers === undefined ? {} : { headers }),
    ...(tokenSource === undefined ? {} : { tokenSource }),
    ...(asynchronousPatternEnabled === undefined ? {} : { asynchronousPatternEnabled }),
  };
}

/** `Retry-After` in seconds, or the configured sleep. */
export function pollDelayMs(result: unknown, sleepMs: number): number {
  const seconds = Number(header(answerOf(result), 'retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : sleepMs;
}

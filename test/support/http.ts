import { HttpRequest } from '@azure/functions';
import type { InvocationContext } from '@azure/functions';

import { answering } from '../../functions/http';
import { afterAnswers } from '../../functions/after-answers';
import type { Reply } from '../../functions/http';

export interface RequestParts {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  /** The body as it is sent, when it is to be no JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
}

export function aRequest(parts: RequestParts = {}): HttpRequest {
  const { method = 'GET', path = '/api/v1/clusters', body, headers, query, params } = parts;
  const text = parts.text ?? (body === undefined ? undefined : JSON.stringify(body));
  return new HttpRequest({
    method,
    url: `https://steward.example${path}`,
    headers: { 'content-type': 'application/json', ...headers },
    query: { ...query },
    params: { ...params },
    ...(text !== undefined && { body: { string: text } }),
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a client gets from a trigger, after all that the trigger does once it has answered. */
export async function answerOf(
  trigger: (request: HttpRequest) => Promise<Reply>,
  parts: RequestParts = {},
): Promise<Answer> {
  const handler = answering(trigger);
  const response = await handler(aRequest(parts), aContext().context);
  const { status = 200, headers = {}, jsonBody, body } = response as Response;
  await afterAnswers(() => Promise.resolve());
  const content: unknown = JSON.parse(body ?? JSON.stringify(jsonBody));
  return { status, headers, body: content as Answer['body'] };
}

interface Response {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly jsonBody?: unknown;
  readonly body?: string;
}

/** An invocation whose log can be looked at. */
export function aContext(): {
  readonly context: InvocationContext;
  readonly log: Readonly<Record<string, unknown>>[];
} {
  const log: Record<string, unknown>[] = [];
  const write = (line: string) => log.push(JSON.parse(line) as Record<string, unknown>);
  const context = {
    invocationId: 'invocation-1',
    info: write,
    warn: write,
    error: write,
  };
  return { context: context as unknown as InvocationContext, log };
}

import type { HttpHandler, HttpRequest, InvocationContext } from '@azure/functions';

import { logOf } from './log';
import { errorFields } from '../domain/log';
import { TransientError, failureOf } from '../domain/outcome';
import { afterAnswers, whileAnswering } from './after-answers';
import { Problem, commonHeaders, problemResponse } from './problem';

/** An answer of the API. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly jsonBody?: object;
  /** Instead of JSON: a document, with its media type among the headers. */
  readonly body?: string;
  /**
   * Begins when the answer is on its way. The platform may end the process before it is done: only for
   * what is written down and will be made up for.
   */
  readonly afterwards?: () => Promise<void>;
}

type Answer = (request: HttpRequest, context: InvocationContext) => Promise<Reply>;

const maxBodyBytes = 1024 * 1024;

/** Makes an HTTP handler: problems become RFC 9457 answers, and nothing else leaves the process. */
export function answering(answer: Answer): HttpHandler {
  return async (request, context) => {
    try {
      const { afterwards, ...response } = await whileAnswering(() => answer(request, context));
      if (afterwards) void afterAnswers(afterwards).catch(reporting(context));
      return { ...response, headers: { ...commonHeaders, ...response.headers } };
    } catch (error) {
      const where = { path: new URL(request.url).pathname, id: context.invocationId };
      if (error instanceof Problem) return problemResponse(error, where);
      logOf(context).error('request.failed', errorFields(error));
      if (error instanceof TransientError) {
        const later = 'Azure did not answer. Repeat the request in a minute.';
        return problemResponse(new Problem('azure-unavailable', later), where);
      }
      const detail = 'The request failed; the log has the reason under this request id.';
      return problemResponse(new Problem('internal', detail), where);
    }
  };
}

function reporting(context: InvocationContext) {
  return (error: unknown): void => {
    logOf(context).warn('afterwards.failed', { reason: failureOf(error).message });
  };
}

/** The JSON body of a request. @throws Problem */
export async function jsonBody(request: HttpRequest): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/([-\w.]+\+)?json\b/i.test(type)) {
    throw new Problem('unsupported-media-type', 'Send the body as application/json.');
  }
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.length > maxBodyBytes) {
    throw new Problem(
      'payload-too-large',
      `The body has ${bytes.length} bytes; at most 1 MiB is read.`,
    );
  }
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw new Problem('invalid-json', 'The body cannot be read as JSON.');
  }
}

/** `limit` (1 to 200, 50 by default) and `cursor` of a list request. @throws Problem */
export function pageOf(request: HttpRequest): { limit: number; after?: string } {
  const text = request.query.get('limit') ?? '50';
  const limit = Number(text);
  if (!/^\d{1,3}$/.test(text) || limit < 1 || limit > 200) {
    throw new Problem('validation-failed', `limit is '${text}'; it must be between 1 and 200.`);
  }
  const cursor = request.query.get('cursor');
  if (cursor === null) return { limit };
  const after = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^[\w-]{1,100}$/.test(after)) {
    throw new Problem('invalid-cursor', 'Take the cursor as it came from the page before.');
  }
  return { limit, after };
}

/** A page of items with the cursor to the next one. */
export function pageBody(items: readonly unknown[], next: string | undefined): object {
  const nextCursor = next === undefined ? null : Buffer.from(next).toString('base64url');
  return { items, nextCursor };
}

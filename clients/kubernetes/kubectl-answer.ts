import { gunzipSync } from 'node:zlib';

import { TransientError } from '../../domain/outcome';
import { endMarker } from './kubectl';
import { AnswerTooLarge } from './transport';
import type { KubeAnswer } from './transport';

// ARM cuts off at 512 kB, wherever that is. Source: AKS, "Access a private cluster using command invoke".
const cutAt = 500_000;

/**
 * What a command printed, as the API server's answer that it stands for.
 *
 * @throws AnswerTooLarge when it was cut off; TransientError when there is no answer in it.
 */
export function answerIn(logs: string): KubeAnswer {
  const lines = logs.split('\n').map((line) => line.trim());
  if (lines.findLast((line) => line !== '') !== endMarker) {
    if (logs.length >= cutAt) throw new AnswerTooLarge('the output of a command was cut off');
    throw new TransientError('a command ended before its output did');
  }
  const refused = refusalIn(lines);
  if (refused) return refused;
  const packed = lines.find((line) => line.startsWith(gzipBegin));
  if (packed === undefined) throw new TransientError('a command said nothing');
  return { status: 200, text: unpacked(packed) };
}

const gzipBegin = 'H4sI';

function unpacked(base64: string): string {
  try {
    return gunzipSync(Buffer.from(base64, 'base64')).toString();
  } catch {
    throw new TransientError('the output of a command is damaged');
  }
}

const statuses: Readonly<Record<string, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  Gone: 410,
  RequestEntityTooLarge: 413,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  ServerTimeout: 504,
  Timeout: 504,
};

/** Sources: kubectl `pkg/cmd/util/helpers.go` and `pkg/cmd/apply/apply.go`, for the words of its errors. */
const patterns: readonly { readonly pattern: RegExp; readonly reason?: string }[] = [
  { pattern: /^Error from server \((?<reason>\w+)\): (?<message>.*)/ },
  { pattern: /^(?<message>The .+ is invalid(?::.*|$))/, reason: 'Invalid' },
  {
    pattern: /^error: (?<message>(?:Apply failed with \d+|Operation cannot be fulfilled).*)/,
    reason: 'Conflict',
  },
  { pattern: /^error: (?<message>resource mapping not found.*)/, reason: 'NotFound' },
  { pattern: /^error: You must be logged in to the server(?<message>.*)/, reason: 'Unauthorized' },
  { pattern: /^error: (?<message>the server doesn't have a resource type.*)/, reason: 'NotFound' },
  // Everything else that kubectl complains about, a connection that broke off in the middle included.
  {
    pattern: /^(?:Error from server|error|Unable to connect to the server): (?<message>.*)/i,
    reason: 'InternalError',
  },
];

function refusalIn(lines: readonly string[]): KubeAnswer | undefined {
  for (const { pattern, reason: known } of patterns) {
    const index = lines.findIndex((line) => pattern.test(line));
    if (index < 0) continue;
    const { reason = known ?? '', message = '' } = pattern.exec(lines[index] ?? '')?.groups ?? {};
    const said = [message, ...lines.slice(index + 1).filter((line) => isMore(line, reason))];
    return statusOf(reason, said.join(' '));
  }
  return undefined;
}

/** Conflicts stand below an error, and so do several causes of an invalid object. */
function isMore(line: string, reason: string): boolean {
  return /conflicts? with "/.test(line) || (reason === 'Invalid' && line.startsWith('* '));
}

/** As the API server worded it, before kubectl made a sentence of it. */
function statusOf(reason: string, message: string): KubeAnswer {
  const status = statuses[reason] ?? 500;
  const conflicts = [...message.matchAll(/conflicts? with "[^"]+"/g)].map(([text]) => ({
    reason: 'FieldManagerConflict',
    message: text.replace('conflicts', 'conflict'),
  }));
  const wrong = [...message.matchAll(/(?:is invalid: |\* )([^\s:]+): /g)].map(([, field]) => ({
    field,
  }));
  const causes = reason === 'Invalid' ? wrong : conflicts;
  const details = causes.length > 0 ? { details: { causes } } : {};
  return { status, text: JSON.stringify({ kind: 'Status', reason, message, ...details }) };
}

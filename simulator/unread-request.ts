import type { RawAnswer } from './wire';

/** Answers to what is no request that Azure Resource Manager reads, in its envelope. */
export const tooLarge: RawAnswer = {
  status: 413,
  body: {
    error: {
      code: 'RequestContentTooLarge',
      message: 'The request content is larger than 4 MB. Send a smaller one.',
    },
  },
};

/** A whole HTTP answer for bytes that are no HTTP request; the connection ends with it. */
export function malformedAnswer(reason: string | undefined): string {
  const [status, code] =
    reason === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'RequestHeaderFieldsTooLarge']
      : ['400 Bad Request', 'BadRequest'];
  const message = `The bytes are not an HTTP request that can be read (${reason ?? 'unknown'}).`;
  const body = JSON.stringify({ error: { code, message } });
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close`;
  return `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** A request to a receiver. Its URL may hold a key: it appears in no error and no answer. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** `status` is 408 when the receiver took too long and 0 when it could not be reached. */
export interface IncomingAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

// Real time: a receiver is a program, not part of the simulated world. Event Grid waits 30 s.
const patienceMs = 30_000;

/** Sends a request, follows no redirects, and never throws. `canceled` ends it as unreachable. */
export async function send(
  { method, url, headers, body }: OutgoingRequest,
  canceled: AbortSignal,
): Promise<IncomingAnswer> {
  const timeout = AbortSignal.timeout(patienceMs);
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([timeout, canceled]),
      ...(body !== undefined && { body }),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch {
    // Why a receiver cannot be reached makes no difference to the schedule, and the reason may quote the URL.
    return { status: timeout.aborted ? 408 : 0, headers: new Headers(), body: '' };
  }
}

/** A short call to a host: its status and its body, parsed when it is JSON. */
export async function ask(
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}

/** Asks until `done` holds; gives up after ten seconds. */
export async function askUntil(
  url: string,
  done: (body: unknown) => boolean,
): Promise<{ status: number; body: unknown }> {
  const end = Date.now() + 10_000;
  for (;;) {
    const answer = await ask(url);
    if (done(answer.body) || Date.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

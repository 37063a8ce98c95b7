import type { HttpRequest } from './actions';
import type { Ending } from './failures';
import { reasonOf } from './failures';

/** How long an answer may take. */
const timeoutMs = 100_000;

/** Makes an HTTP call for an orchestrator; every answer is a result, only a missing one is a failure. */
export async function callHttp(requestText: string): Promise<Ending> {
  const request = JSON.parse(requestText) as HttpRequest;
  if (request.tokenSource !== undefined && request.tokenSource !== null) {
    return failed('callHttp with a tokenSource needs a managed identity: it works in Azure only.');
  }
  try {
    const response = await fetch(request.uri, {
      method: request.method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(request.headers === undefined ? {} : { headers: request.headers }),
      ...(request.content === undefined ? {} : { body: request.content }),
    });
    const content = await response.text();
    const headers = Object.fromEntries([...response.headers].map(([k, v]) => [headerName(k), v]));
    return { result: JSON.stringify({ statusCode: response.status, headers, content }) };
  } catch (error) {
    return failed(explained(error, request.uri));
  }
}

const headerName = (name: string): string =>
  name.replaceAll(/(?<=^|-)[a-z]/g, (c) => c.toUpperCase());

function failed(reason: string): Ending {
  const details = {
    $type: 'System.Net.Http.HttpRequestException, System.Net.Http',
    Message: reason,
  };
  return { failure: { Reason: reason, Details: JSON.stringify(details) } };
}

function explained(error: unknown, uri: string): string {
  const { cause } = error as { cause?: { code?: unknown } };
  if (cause?.code === 'ECONNREFUSED') {
    const { hostname, port, protocol } = new URL(uri);
    return `Connection refused (${hostname}:${port || (protocol === 'https:' ? '443' : '80')})`;
  }
  return reasonOf(cause ?? error);
}

import { isLoopback } from './loopback';
import type { Exchange } from './exchange';

/** Whether a request names a host that an address can be made of; a server takes no other. */
export function hasUsableHost({ headers }: Exchange): boolean {
  const host = headers['host'] ?? '';
  if (host === '') return true;
  return /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?$/i.test(host) && URL.canParse(`http://${host}`);
}

/**
 * The request with an origin that is this host's own, unless the caller can only have reached it under
 * the name that it says: links in answers and `request.url` are made of the origin, and whoever sends a
 * request chooses its `Host` header.
 * @param known names besides those of this machine, with or without port
 */
export function withOwnOrigin(exchange: Exchange, known: readonly string[]): Exchange {
  const { headers, origin, request } = exchange;
  const host = headers['host'] ?? '';
  const { localAddress = '127.0.0.1', localPort = 0 } = request.socket;
  const mayBeAnyName = !isLoopback(localAddress);
  if (host !== '' && (mayBeAnyName || isOwn(host, known))) return exchange;
  const address = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  return { ...exchange, origin: `${origin.replace(/:\/\/.*$/s, '')}://${address}:${localPort}` };
}

function isOwn(host: string, known: readonly string[]): boolean {
  const name = nameOf(host);
  return isLoopback(name) || name.endsWith('.localhost') || known.map(nameOf).includes(name);
}

function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

import { connect } from 'node:net';

/** Bytes for a server, and what to do with the connection when they are sent. */
export interface RawRequest {
  readonly bytes: Buffer;
  /** Says that nothing more comes, breaks the connection, or waits for an answer */
  readonly then: 'end' | 'break' | 'wait';
  /** How long the server may say nothing before the connection is given up */
  readonly silenceMs?: number;
}

/** Sends bytes that need not be HTTP; all that came back until the connection ended or fell silent. */
export function sendRaw(
  url: string,
  { bytes, then, silenceMs = 150 }: RawRequest,
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes);
      if (then === 'end') socket.end();
      if (then === 'break') setImmediate(() => socket.resetAndDestroy());
    });
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on('data', (part) => parts.push(part));
    socket.on('error', () => undefined); // a connection that the server breaks is an answer as well
    socket.on('close', () => {
      resolve(Buffer.concat(parts).toString('latin1'));
    });
  });
}

/** Status codes of the answers in what a server sent. */
export function statusesIn(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) (?=[A-Z])/g)].map(([, status]) =>
    Number(status),
  );
}

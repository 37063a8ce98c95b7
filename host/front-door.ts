import { type Exchange, sendEmpty } from './http/exchange';
import { type Listener, listen } from './http/server';
import type { HostLog } from './log';

/** The port of a host. It exists before the app is loaded, since the app wants to know its address. */
export interface FrontDoor {
  /** Host and port, as `WEBSITE_HOSTNAME` has it */
  readonly host: string;
  readonly url: string;
  /** Answers requests from now on; before and afterwards they get a 503. */
  serve(handle: (exchange: Exchange) => Promise<void>): void;
  /** Only the app's own durable clients still get in. */
  stopServing(stillIn: (exchange: Exchange) => boolean): void;
  close(drainMs: number): Promise<void>;
}

export async function openFrontDoor(options: {
  readonly port: number;
  readonly hostname: string;
  readonly log: HostLog;
}): Promise<FrontDoor> {
  let answer: (exchange: Exchange) => Promise<void> = refuse;
  const listener: Listener = await listen({ ...options, handle: (exchange) => answer(exchange) });
  const hostname = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
  const host = `${hostname}:${listener.port}`;
  return {
    host,
    url: `http://${host}`,
    serve(handle) {
      answer = handle;
    },
    stopServing(stillIn) {
      const before = answer;
      answer = (exchange) => (stillIn(exchange) ? before(exchange) : refuse(exchange));
    },
    close: (drainMs) => listener.close(drainMs),
  };
}

function refuse(exchange: Exchange): Promise<void> {
  sendEmpty(exchange, 503, { 'retry-after': '1', connection: 'close' });
  return Promise.resolve();
}

import type { AppSettings } from './app-settings';
import type { Strictness } from './durable/contract';
import { hasUsableHost, withOwnOrigin } from './http/caller-origin';
import { type Exchange, sendEmpty } from './http/exchange';
import { isLoopback } from './http/loopback';
import { type Listener, listen } from './http/server';
import type { HostLog } from './log';

/** The port of a host. It exists before the app is loaded, since the app wants to know its address. */
export interface FrontDoor {
  /** Host and port under which this machine reaches it, as `WEBSITE_HOSTNAME` has it */
  readonly host: string;
  readonly url: string;
  /** Answers requests from now on; before and afterwards they get a 503. */
  serve(handle: (exchange: Exchange) => Promise<void>): void;
  /** Only the app's own durable clients still get in. */
  stopServing(stillIn: (exchange: Exchange) => boolean): void;
  close(drainMs: number): Promise<void>;
}

export interface FrontDoorOptions {
  readonly port: number;
  readonly hostname: string;
  readonly log: HostLog;
  readonly settings: Pick<AppSettings, 'get'>;
  readonly strict: Strictness;
}

export async function openFrontDoor(options: FrontDoorOptions): Promise<FrontDoor> {
  let answer: (exchange: Exchange) => Promise<void> = refuse;
  const listener: Listener = await listen({
    ...options,
    handle: async (exchange) => {
      if (hasUsableHost(exchange)) await answer(toAnswer(options, exchange));
      else sendEmpty(exchange, 400, { connection: 'close' });
    },
  });
  warnOfOthers(options);
  const hostname = toAddress(options.hostname);
  const host = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${listener.port}`;
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

/** All addresses of a machine are none that one can call. */
function toAddress(hostname: string): string {
  if (hostname === '0.0.0.0') return '127.0.0.1';
  return hostname === '::' ? '::1' : hostname;
}

/** On Azure a front end has checked the name already; with `strict: off` whatever is said counts. */
function toAnswer({ strict, hostname, settings }: FrontDoorOptions, exchange: Exchange): Exchange {
  if (strict === 'off') return exchange;
  return withOwnOrigin(exchange, [hostname, settings.get('WEBSITE_HOSTNAME') ?? '']);
}

function warnOfOthers({ hostname, log }: FrontDoorOptions): void {
  if (isLoopback(hostname)) return;
  log.write(
    'warning',
    `Other machines reach this host at ${hostname}, without TLS; anonymous functions answer anyone. Leave out --hostname to serve this machine alone.`,
  );
}

function refuse(exchange: Exchange): Promise<void> {
  sendEmpty(exchange, 503, { 'retry-after': '1', connection: 'close' });
  return Promise.resolve();
}

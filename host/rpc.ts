import { randomBytes } from 'node:crypto';

import type { Strictness } from './durable/contract';
import type { Webhook } from './http/dispatch';
import { sendProblem } from './durable-http/problem';
import type { Exchange } from './http/exchange';
import { type Listener, listen } from './http/server';
import type { FrontDoor } from './front-door';
import type { HostLog } from './log';

/** Where the durable clients of the app call the host, without a key. */
export interface RpcBase {
  /** With a slash at the end */
  readonly url: string;
  /** The unguessable part of the path, if the base is on the front door */
  readonly secret: string | undefined;
  serve(answer: Webhook): void;
  readonly close: () => Promise<void>;
}

/**
 * On the host's own port, behind a path that nobody can guess. With `strict: off` it is as on Azure:
 * a port of its own, open to every process of this machine.
 */
export async function openRpcBase(
  door: FrontDoor,
  strict: Strictness,
  log: HostLog,
): Promise<RpcBase> {
  if (strict === 'off') return openRpcPort(log);
  const secret = randomBytes(32).toString('base64url');
  return {
    url: `${door.url}/rpc/${secret}/durabletask/`,
    secret,
    serve: () => undefined,
    close: () => Promise.resolve(),
  };
}

async function openRpcPort(log: HostLog): Promise<RpcBase> {
  let answer: Webhook = () => Promise.reject(new Error('The host has not started yet.'));
  const listener: Listener = await listen({
    port: 0,
    hostname: '127.0.0.1',
    log,
    handle: async (exchange) => {
      const match = /^\/durabletask\/?(.*)$/is.exec(exchange.path);
      if (match) await answer(exchange, match[1] ?? '');
      else refusePath(exchange);
    },
  });
  return {
    url: `http://127.0.0.1:${listener.port}/durabletask/`,
    secret: undefined,
    serve(webhook) {
      answer = webhook;
    },
    close: () => listener.close(0),
  };
}

function refusePath(exchange: Exchange): void {
  sendProblem(exchange, 400, {
    message: 'One or more of the arguments submitted is incorrect',
    exception: {
      message: "startIndex cannot be larger than length of string. (Parameter 'startIndex')",
      type: 'System.ArgumentOutOfRangeException',
    },
  });
}

import { createHash, timingSafeEqual } from 'node:crypto';

import { type Admin, answerAdmin, refuse } from './admin';
import { callFunction, type FunctionCaller } from './call-function';
import { type Exchange, sendEmpty } from './exchange';
import { sendHomePage } from './home-page';
import { findRoute } from './http-routes';
import { accessLevel, type HostKeys, presentedKey } from './keys';

/** Answers what is below the address of an extension's webhook; `path` is the rest, still encoded. */
export type Webhook = (exchange: Exchange, path: string) => Promise<void>;

export interface Surface {
  readonly keys: HostKeys;
  /** Whether there is a page at the root */
  readonly homepage: boolean;
  readonly caller: FunctionCaller;
  readonly admin: Admin;
  /** By extension name, lower case */
  readonly webhooks: Readonly<Record<string, Webhook>>;
  /** Answers callers that know the path without a key: the durable clients of the app */
  readonly rpc: { readonly secret: string; readonly answer: Webhook } | undefined;
}

/** Sends a request to the part of the host that answers it. */
export async function dispatch(surface: Surface, exchange: Exchange): Promise<void> {
  const { path, decodedPath } = exchange;
  const adminPath = below(decodedPath, 'admin');
  if (adminPath !== undefined) await answerAdmin(surface.admin, exchange, adminPath);
  else if (below(path, 'runtime') !== undefined) await answerWebhook(surface, exchange);
  else if (below(path, 'rpc') !== undefined && surface.rpc) await answerRpc(surface, exchange);
  else await answerFunction(surface, exchange);
}

/** The rest of the path below a first segment in any letter case, or undefined if that is another. */
function below(path: string, first: string): string | undefined {
  const match = /^\/([^/]*)\/?(.*)$/s.exec(path);
  return match?.[1]?.toLowerCase() === first ? (match[2] ?? '') : undefined;
}

const webhookMethods = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS'];

async function answerWebhook({ keys, webhooks }: Surface, exchange: Exchange): Promise<void> {
  const match = /^\/runtime\/webhooks\/([^/]+)\/?(.*)$/is.exec(exchange.path);
  if (!match || !webhookMethods.includes(exchange.method)) {
    sendEmpty(exchange, 404);
    return;
  }
  const extension = (match[1] ?? '').toLowerCase();
  const access = accessLevel(keys, presentedKey(exchange));
  const mayCall =
    access.level === 'admin' || (access.level === 'system' && access.extension === extension);
  const webhook = Object.hasOwn(webhooks, extension) ? webhooks[extension] : undefined;
  if (!mayCall) refuse(exchange, access);
  else if (webhook) await webhook(exchange, match[2] ?? '');
  else sendEmpty(exchange, 404);
}

async function answerRpc(surface: Surface, exchange: Exchange): Promise<void> {
  const [, presented = '', path = ''] =
    /^\/rpc\/([^/]+)\/durabletask\/(.*)$/is.exec(exchange.path) ?? [];
  if (surface.rpc && isSame(presented, surface.rpc.secret))
    await surface.rpc.answer(exchange, path);
  else await answerFunction(surface, exchange);
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** What no function answers is unknown, but for the root. */
async function answerFunction(surface: Surface, exchange: Exchange): Promise<void> {
  const { caller, homepage } = surface;
  const match = findRoute(caller.routes, exchange.method, exchange.decodedPath);
  if (match) await callFunction(caller, exchange, match);
  else if (exchange.decodedPath !== '/') sendEmpty(exchange, 404);
  else if (homepage) sendHomePage(exchange);
  else sendEmpty(exchange, 204);
}

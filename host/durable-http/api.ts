import { type Exchange, sendEmpty } from '../http/exchange';
import { entityRoutes } from './entity-routes';
import { instanceRoutes } from './instance-routes';
import { controlRoutes } from './control-routes';
import { sendFailure } from './problem';
import { otherHub } from './other-hub';
import { type DurableApi, type DurableRoute, toConnection, toHubName } from './request';
import { startRoutes } from './start-routes';

const routes: readonly DurableRoute[] = [
  ...startRoutes,
  ...instanceRoutes,
  ...controlRoutes,
  ...entityRoutes,
];

/** Answers a request to the Durable HTTP API. Who may call it was decided before. */
export async function answerDurable(
  api: DurableApi,
  exchange: Exchange,
  path: string,
): Promise<void> {
  const found = find(exchange.method, path);
  const reached = found && reach(api, exchange);
  if (!reached) {
    sendEmpty(exchange, 404);
    return;
  }
  const connection = toConnection(exchange);
  if (!isConnection(api, connection)) {
    sendFailure(exchange, {
      message: `Unable to resolve the Azure Storage connection named '${connection}'.`,
      type: 'System.InvalidOperationException',
    });
    return;
  }
  await found.route.handle({ api: reached, exchange, params: found.params });
}

/** An encoded slash fits nowhere. */
function find(
  method: string,
  path: string,
): { readonly route: DurableRoute; readonly params: readonly string[] } | undefined {
  if (/%2f/i.test(path)) return undefined;
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match)
      return {
        route,
        params: match.slice(1).map((part: string | undefined) => decode(part ?? '')),
      };
  }
  return undefined;
}

/**
 * ASP.NET Core decodes a path, and the extension decodes its parts again, where a plus is a space.
 */
function decode(part: string): string {
  return decodePercent(decodePercent(part).replaceAll('+', ' '));
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Another task hub is not here; Azure takes what is meant for it, and it shows nothing. */
function reach(api: DurableApi, exchange: Exchange): DurableApi | undefined {
  const hub = toHubName(exchange, api);
  if (hub.toLowerCase() === api.hubName.toLowerCase()) return api;
  return api.strict === 'off' ? { ...api, engine: otherHub() } : undefined;
}

function isConnection(api: DurableApi, name: string): boolean {
  return /^(?:azurewebjobs)?storage$/i.test(name) || api.settings.get(name) !== undefined;
}

import { type Exchange, sendEmpty } from '../http/exchange';
import { entityRoutes } from './entity-routes';
import { instanceRoutes } from './instance-routes';
import { controlRoutes } from './control-routes';
import { sendFailure } from './problem';
import type { DurableApi, DurableRoute } from './request';
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
  if (!found || !isHere(api, exchange)) {
    sendEmpty(exchange, 404);
    return;
  }
  const connection = exchange.query.get('connection');
  if (connection !== null && !isConnection(api, connection)) {
    sendFailure(exchange, {
      message: `Unable to resolve the Azure Storage connection named '${connection}'.`,
      type: 'System.InvalidOperationException',
    });
    return;
  }
  await found.route.handle({ api, exchange, params: found.params });
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

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isHere(api: DurableApi, exchange: Exchange): boolean {
  const hub = exchange.query.get('taskHub');
  return hub === null || hub.toLowerCase() === api.hubName.toLowerCase();
}

function isConnection(api: DurableApi, name: string): boolean {
  return /^(?:azurewebjobs)?storage$/i.test(name) || api.settings.get(name) !== undefined;
}

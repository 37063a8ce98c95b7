import type { AppSettings } from '../app-settings';
import type { DurableEngine, Strictness } from '../durable/contract';
import type { Exchange } from '../http/exchange';
import type { HostLog } from '../log';
import { type DurableAddress, standardConnection } from './management-urls';
import { toText } from './query';

export interface DurableApi {
  readonly engine: DurableEngine;
  readonly hubName: string;
  /** System key that goes into the links */
  readonly key: string;
  readonly strict: Strictness;
  readonly settings: Pick<AppSettings, 'get'>;
  readonly bodyLimit: number;
  readonly log: HostLog;
  /** Names of the registered entity functions */
  readonly entityNames: readonly string[];
}

/** One request to the API. */
export interface DurableRequest {
  readonly api: DurableApi;
  readonly exchange: Exchange;
  /** What stands for the places of the route, decoded */
  readonly params: readonly string[];
}

export interface DurableRoute {
  readonly method: string;
  /** Matched against the path behind the base, still encoded */
  readonly path: RegExp;
  readonly handle: (request: DurableRequest) => Promise<void>;
}

/** The task hub that a request is about; an empty name is none. */
export function toHubName({ query }: Exchange, { hubName }: Pick<DurableApi, 'hubName'>): string {
  return named(query, 'taskHub') ?? hubName;
}

export function toConnection({ query }: Exchange): string {
  return named(query, 'connection') ?? standardConnection;
}

function named(query: URLSearchParams, parameter: string): string | undefined {
  const name = toText(query, parameter);
  return name === '' ? undefined : name;
}

/** Where links in answers lead: to the origin under which the caller reached this host. */
export function addressFor({ api, exchange }: DurableRequest): DurableAddress {
  return {
    baseUrl: `${exchange.origin}/runtime/webhooks/durabletask`,
    hubName: toHubName(exchange, api),
    connection: toConnection(exchange),
    key: api.key,
  };
}

import type { AppSettings } from '../app-settings';
import type { DurableEngine, Strictness } from '../durable/contract';
import type { Exchange } from '../http/exchange';
import type { HostLog } from '../log';
import type { DurableAddress } from './management-urls';

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

/** Where links in answers lead: to the origin under which the caller reached this host. */
export function addressFor({ api, exchange }: DurableRequest): DurableAddress {
  return {
    baseUrl: `${exchange.origin}/runtime/webhooks/durabletask`,
    hubName: api.hubName,
    key: api.key,
  };
}

import type { Json } from './json';
import type { OperationError } from './operation-store';
import type { Effect, OperationKind, World } from './world';

/** The part of Azure that one ARM namespace stands for. */
export interface ResourceProvider {
  readonly namespace: string;
  /** Undefined: what `data/api-versions.json` says of the namespace. */
  readonly apiVersions?: readonly string[];
  /**
   * `METHOD /path/{parameter}`, matched without regard to case, as ARM does. `{scope}` and `{resourceId}` stand for any
   * number of segments, every other parameter for one. The first match wins.
   */
  readonly routes: Readonly<Record<string, Route>>;
  /** How the long-running operations of this namespace end, by name. */
  readonly operations?: Readonly<Record<string, OperationKind>>;
  /** What happens later without being an operation, by name. */
  readonly effects?: Readonly<Record<string, Effect>>;
}

export type Route = (request: ArmRequest, world: World) => ArmResponse;

export interface ArmRequest {
  readonly method: string;
  /** Canonical id of the addressed resource: the decoded path without query and doubled slashes. */
  readonly id: string;
  /** Scheme and host the caller used: long-running operations are found by absolute URL. */
  readonly origin: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** By lower-cased name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Json | undefined;
  /** Object id of the caller, from the token. */
  readonly principal: string;
  /** How a fault rule wants the operation of this request to go. */
  readonly operationFault?: OperationFault | undefined;
}

export interface OperationFault {
  readonly error?: OperationError;
  readonly minutes?: number;
  readonly hangs?: boolean;
  readonly lost?: boolean;
  readonly withoutHeaders?: boolean;
}

export interface ArmResponse {
  readonly status: number;
  readonly body?: Json | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** What an accepted write aims at, where the request's body does not say it. */
  readonly target?: Json;
}

/** The value of a path parameter; the empty text when the route has none of that name. */
export function param(request: ArmRequest, name: string): string {
  return request.params[name] ?? '';
}

/** ARM's error envelope. `code` is what callers branch on; copy it from the real service. */
export function armError(status: number, code: string, message: string): ArmResponse {
  return { status, body: { error: { code, message } }, headers: { 'x-ms-error-code': code } };
}

/** The bare error envelope that the AKS resource provider answers with. */
export function aksError(status: number, code: string, message: string): ArmResponse {
  return {
    status,
    body: { code, details: null, message, subcode: '' },
    headers: { 'x-ms-error-code': code },
  };
}

export function notFound(id: string): ArmResponse {
  const [, type = '', name = ''] = /\/providers\/(.+)\/([^/]+)$/i.exec(id) ?? [];
  const group = /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';
  return armError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

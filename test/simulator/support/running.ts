import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ContainerServiceClient } from '@azure/arm-containerservice';
import { FeatureClient } from '@azure/arm-features';
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { ResourceManagementClient } from '@azure/arm-resources';
import type { HttpClient } from '@azure/core-rest-pipeline';

import { startSimulator } from '../../../simulator';
import type { RunningSimulator, SimulatorOptions } from '../../../simulator';
import type { Json } from '../../../simulator/json';
import { schemaViolations } from './answer-schemas';
import { anyone, httpClientTo } from './http-client';

export interface Driven extends AsyncDisposable {
  readonly simulator: RunningSimulator;
  clients(subscriptionId: string): Clients;
  /** One raw ARM request; `path` with its query. */
  arm(method: string, path: string, options?: ArmOptions): Promise<Reply>;
  control(method: string, path: string, body?: unknown): Promise<Json>;
  advanceMinutes(minutes: number): void;
}

export interface ArmOptions {
  /** The body is odd on purpose, so that the answer need not follow the published schema. */
  readonly anyShape?: boolean;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export type Clients = ReturnType<typeof clientsOf>;

/** A simulator with control whose time moves only when the test says so. */
export async function drive(options: Partial<SimulatorOptions> = {}): Promise<Driven> {
  const simulator = await startSimulator({ port: 0, control: true, speed: 1, ...options });
  simulator.clock.setMode('stepped');
  const send = (method: string, path: string, { body, headers }: ArmOptions = {}) =>
    request(`${simulator.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    simulator,
    clients: (subscriptionId) => clientsOf(simulator.url, subscriptionId),
    arm: async (method, path, armOptions = {}) => {
      const reply = await send(method, path, {
        ...armOptions,
        headers: { authorization: 'Bearer test', ...armOptions.headers },
      });
      if (armOptions.anyShape !== true) checkShape(path, reply);
      return reply;
    },
    control: async (method, path, body) => {
      const reply = await send(method, `/_simulator/${path}`, { body });
      if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
      return reply.body;
    },
    advanceMinutes: (minutes) => {
      simulator.clock.advance(minutes * 60_000);
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function checkShape(url: string, { status, body }: Reply): void {
  const [path = ''] = url.split('?');
  const broken = status < 300 ? schemaViolations(path, body) : [];
  if (broken.length > 0) throw new Error(`${path} breaks its schema: ${broken.join('; ')}`);
}

async function request(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : (JSON.parse(text) as Json),
  };
}

function clientsOf(url: string, subscriptionId: string) {
  return clientsOver(httpClientTo(url), subscriptionId);
}

/** The published clients on any transport. */
/** Options that every generation of client understands. */
export const azureCloud = {
  endpoint: 'https://management.azure.com',
  credentials: { scopes: ['https://management.azure.com/.default'] },
  retryOptions: { maxRetries: 0 },
};

export function clientsOver(httpClient: HttpClient, subscriptionId: string) {
  const options = { ...azureCloud, httpClient };
  return {
    aks: new ContainerServiceClient(anyone, subscriptionId, options),
    identities: new ManagedServiceIdentityClient(anyone, subscriptionId, options),
    authorization: new AuthorizationManagementClient(anyone, subscriptionId, options),
    features: new FeatureClient(anyone, subscriptionId, options),
    resources: new ResourceManagementClient(anyone, subscriptionId, options),
    graph: new ResourceGraphClient(anyone, options),
  };
}

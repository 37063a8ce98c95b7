import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';

import { EventGridManagementClient } from '@azure/arm-eventgrid';
import { PolicyClient } from '@azure/arm-policy';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import eventGrid from '../data/contracts/event-grid-examples.json';
import published from '../data/contracts/published-examples.json';
import calls from '../data/contracts/sdk-calls.json';
import { isObject, objectAt } from '../../simulator/json';
import type { Json, JsonObject } from '../../simulator/json';
import type { Example } from './support/example-world';
import { anyone } from './support/http-client';
import { azureCloud, clientsOver } from './support/running';

const examples = [...published, ...eventGrid] as unknown as readonly Example[];

const packages: Readonly<Record<string, string>> = {
  '@azure/arm-containerservice': 'aks',
  '@azure/arm-msi': 'identities',
  '@azure/arm-authorization': 'authorization',
  '@azure/arm-features': 'features',
  '@azure/arm-resources': 'resources',
  '@azure/arm-resourcegraph': 'graph',
  '@azure/arm-policy': 'policy',
  '@azure/arm-eventgrid': 'eventGrid',
  '@azure/arm-resources-subscriptions': 'subscriptions',
};

const known = calls
  .map((call) => ({ ...call, ...splitName(call.sdk) }))
  .map((call) => ({ ...call, example: exampleNamed(call.name) }));

describe('a published SDK, given a published example', () => {
  it.each(known)('sends the request and reads the answer: $name', async (call) => {
    const { example } = call;
    const stub = answering(example);
    const [, , subscription = ''] = example.path.split('/');
    const client: unknown = Reflect.get(
      allClientsOver(stub.http, subscription),
      packages[call.package] ?? '',
    );

    await settle(invoke(client, call));
    const [sent] = stub.requests;

    expect(sent?.method).toBe(example.method);
    expect(pathOf(sent).toLowerCase()).toBe(example.path.toLowerCase());
    expect(bodyOf(sent)).toEqual(withDates(example.body));
  });
});

/** The product's clients, and those that only these tests need. */
function allClientsOver(httpClient: HttpClient, subscription: string): object {
  const options = { ...azureCloud, httpClient };
  return {
    ...clientsOver(httpClient, subscription),
    policy: new PolicyClient(anyone, subscription, options),
    eventGrid: new EventGridManagementClient(anyone, subscription, options),
    subscriptions: new SubscriptionClient(anyone, options),
  };
}

interface Call {
  readonly package: string;
  readonly operation: readonly string[];
  readonly pathTemplate: string;
  readonly example: Example;
}

function splitName(sdk: string) {
  const [name = '', operation = ''] = sdk.split('#');
  return { package: name, operation: operation.split('.') };
}

function exampleNamed(name: string): Example {
  const found = examples.find((example) => example.name === name);
  if (found === undefined) throw new Error(`There is no published example ${name}.`);
  return found;
}

/** Calls the operation with the values of the path, in order, and the body. */
function invoke(client: unknown, { package: of, operation, pathTemplate, example }: Call): unknown {
  const values = pathValues(pathTemplate, example.path);
  const isDeep = of === '@azure/arm-eventgrid';
  const flat = isDeep ? flattened(objectAt(example.body)) : flattenedOnce(objectAt(example.body));
  const body = example.body === undefined ? [] : [withDates(withSdkNames(flat))];
  let owner: unknown = client;
  for (const name of operation.slice(0, -1)) owner = Reflect.get(Object(owner), name);
  const method: unknown = Reflect.get(Object(owner), operation.at(-1) ?? '');
  if (typeof method !== 'function') throw new Error(`The SDK has no ${operation.join('.')}.`);
  return Reflect.apply(method, owner, [...values, ...body]);
}

/** The SDKs take the members of `properties` as those of the resource; one of them does so at every depth. */
function flattenedOnce(body: JsonObject): JsonObject {
  return { ...body, ...objectAt(body, 'properties') };
}

function flattened(value: JsonObject): JsonObject {
  const members = Object.entries(flattenedOnce(value)).filter(([name]) => name !== 'properties');
  return Object.fromEntries(
    members.map(([name, member]) => [name, isObject(member) ? flattened(member) : member]),
  );
}

/** The values of the path parameters that the SDK asks for: all but the subscription, which the client has. */
function pathValues(template: string, path: string): readonly string[] {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const source = template
    .replaceAll('.', '\\.')
    .replace(/\{(scope|resourceId)\}/, '(.+)')
    .replace(/\{\w+\}/g, '([^/]+)');
  const [, ...values] = new RegExp(`^/?${source.replace(/^\//, '')}$`, 'i').exec(path) ?? [];
  // Only the client for subscriptions themselves asks for one.
  const isOwn = template === '/subscriptions/{subscriptionId}';
  return values.filter((_, index) => isOwn || names[index] !== 'subscriptionId');
}

/** Waits for a call, or for the first page of a listing. */
async function settle(called: unknown): Promise<void> {
  if (Symbol.asyncIterator in Object(called)) {
    for await (const one of called as AsyncIterable<unknown>) if (one !== undefined) return;
    return;
  }
  await (called as Promise<unknown>);
}

/** Answers every request with what was published. */
function answering({ answers, statusCodes }: Example) {
  const requests: PipelineRequest[] = [];
  const status = [200, 204, 201, 202].find((code) => statusCodes.includes(code)) ?? 200;
  const body: Json | undefined = answers[status];
  const http: HttpClient = {
    sendRequest: (request) => {
      requests.push(request);
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      const bodyAsText = body === undefined ? '' : JSON.stringify(body);
      return Promise.resolve({ request, status, headers, bodyAsText });
    },
  };
  return { http, requests };
}

function pathOf(request: PipelineRequest | undefined): string {
  const { pathname } = new URL(request?.url ?? '');
  return decodeURIComponent(pathname).replace(/^\/\//, '/');
}

/** The SDK takes dates where the wire has texts; as dates they are compared as instants. */
function withDates(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value), (_name, member: unknown) =>
    typeof member === 'string' && /^\d{4}-\d{2}-\d{2}(T|$)/.test(member)
      ? new Date(member)
      : member,
  );
}

function bodyOf(request: PipelineRequest | undefined): unknown {
  const { body } = request ?? {};
  return typeof body === 'string' ? withDates(JSON.parse(body)) : undefined;
}

/** The SDK's names of members: camel case, without the dollar sign of the wire. */
function withSdkNames(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withSdkNames(item));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]): [string, Json | undefined] => [
    name.includes('/') ? name : sdkName(name),
    member === undefined ? undefined : withSdkNames(member),
  ]);
  return Object.fromEntries(members);
}

function sdkName(name: string): string {
  return name
    .replace(/^\$/, '')
    .replace('RBAC', 'Rbac')
    .replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}

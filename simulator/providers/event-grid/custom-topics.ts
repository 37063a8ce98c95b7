import { partsOf } from '../../arm-id';
import { isObject, objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import { startOperation } from '../../operations';
import { listAnswer } from '../../paging';
import { armError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { Resource } from '../../resource-store';
import type { OperationKind, World } from '../../world';
import { statusHeaders } from './operation-status';
import { keysOf, renewedKey } from './topic-keys';

const type = 'Microsoft.EventGrid/topics';
const creationMinutes = 0.5;
const schemas: readonly string[] = ['EventGridSchema', 'CloudEventSchemaV1_0'];

export function listCustomTopics(request: ArmRequest, world: World): ArmResponse {
  const found =
    param(request, 'resourceGroup') === ''
      ? world.resources.ofType(type, param(request, 'subscription'))
      : world.resources.in(request.id);
  return listAnswer(request, found, world);
}

export function getCustomTopic({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  return found ? { status: 200, body: visible(found) } : notFound(id);
}

/** 201 also for an update, followed by an operation. */
export function putCustomTopic(request: ArmRequest, world: World): ArmResponse {
  const { id, body } = request;
  const refused = refusalOf(body);
  if (refused) return refused;
  const { name } = partsOf(id);
  const existing = world.resources.get(id);
  const location = textAt(body, 'location') ?? '';
  const topic = world.resources.put({
    tags: {},
    ...objectAt(body),
    id: existing?.id ?? id,
    name,
    type,
    properties: {
      inputSchema: 'EventGridSchema',
      publicNetworkAccess: 'Enabled',
      disableLocalAuth: false,
      ...objectAt(body, 'properties'),
      provisioningState: existing ? 'Updating' : 'Creating',
      endpoint: `https://${name}.${location}-1.eventgrid.azure.net/api/events`,
      metricResourceId: textAt(existing, 'properties', 'metricResourceId') ?? world.guid(),
    },
    ...(existing?.$truth && { $truth: existing.$truth }),
  });
  return { status: 201, body: visible(topic), headers: followed(request, world) };
}

/** Members of the body replace those of the topic. */
export function patchCustomTopic(request: ArmRequest, world: World): ArmResponse {
  const { id, body } = request;
  const existing = world.resources.get(id);
  if (existing === undefined) return notFound(id);
  const { properties, ...others } = objectAt(body);
  const merged = { ...objectAt(existing, 'properties'), ...(isObject(properties) && properties) };
  const changed = world.resources.put({ ...existing, ...others, properties: merged });
  return { status: 200, body: visible(changed) };
}

/** Its event subscriptions go with it. */
export function deleteCustomTopic({ id }: ArmRequest, { resources }: World): ArmResponse {
  for (const { id: child } of resources.below(id)) resources.delete(child);
  return { status: resources.delete(id) ? 200 : 204 };
}

export function listKeys(request: ArmRequest, world: World): ArmResponse {
  const topic = world.resources.get(request.id.replace(/\/listKeys$/i, ''));
  return topic ? { status: 200, body: keysOf(topic, world) } : notFound(request.id);
}

export function regenerateKey(request: ArmRequest, world: World): ArmResponse {
  const topic = world.resources.get(request.id.replace(/\/regenerateKey$/i, ''));
  if (topic === undefined) return notFound(request.id);
  const name = textAt(request.body, 'keyName');
  if (name !== 'key1' && name !== 'key2') {
    return armError(400, 'InvalidRequest', 'The keyName must be key1 or key2.');
  }
  return { status: 200, body: keysOf(world.resources.put(renewedKey(topic, name)), world) };
}

/** How writing a custom topic ends. */
export const customTopicWrite: OperationKind = {
  succeed: ({ target }, world) => {
    settle(target, 'Succeeded', world);
  },
  fail: ({ target }, _error, world) => {
    settle(target, 'Failed', world);
  },
};

function settle(id: string, state: string, { resources }: World): void {
  const topic: Resource | undefined = resources.get(id);
  if (topic) resources.put(withAt(topic, ['properties', 'provisioningState'], state));
}

function followed(request: ArmRequest, world: World): Readonly<Record<string, string>> {
  const start = { kind: 'writeCustomTopic', target: request.id, minutes: creationMinutes };
  return statusHeaders(request, startOperation(world, request, start));
}

function refusalOf(body: ArmRequest['body']): ArmResponse | undefined {
  if (textAt(body, 'location') === undefined) {
    const message = 'The location property is required for this definition.';
    return armError(400, 'LocationRequired', message);
  }
  const { inputSchema = 'EventGridSchema' }: JsonObject = objectAt(body, 'properties');
  return typeof inputSchema === 'string' && schemas.includes(inputSchema)
    ? undefined
    : armError(400, 'InvalidRequest', `The inputSchema must be one of ${schemas.join(', ')}.`);
}

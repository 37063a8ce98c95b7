import { partsOf, sameId } from '../../arm-id';
import { isObject, objectAt, textAt, withAt } from '../../json';
import { startOperation } from '../../operations';
import { listAnswer } from '../../paging';
import { armError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { Resource } from '../../resource-store';
import type { OperationKind, World } from '../../world';
import { statusHeaders } from './operation-status';

const creationMinutes = 0.5;

export function listSystemTopics(request: ArmRequest, world: World): ArmResponse {
  const { resources } = world;
  const group = param(request, 'resourceGroup');
  const found =
    group === ''
      ? resources.ofType('Microsoft.EventGrid/systemTopics', param(request, 'subscription'))
      : resources.in(request.id);
  return listAnswer(request, found, world);
}

export function getSystemTopic({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  return found ? { status: 200, body: visible(found) } : notFound(id);
}

/** Its event subscriptions go with it. */
export function deleteSystemTopic({ id }: ArmRequest, { resources }: World): ArmResponse {
  for (const { id: child } of resources.in(`${id}/eventSubscriptions`)) resources.delete(child);
  return { status: resources.delete(id) ? 200 : 204 };
}

/** Only tags and identity of a topic that exists change; its source and type are what they were. */
export function putSystemTopic(request: ArmRequest, world: World): ArmResponse {
  const { id, body } = request;
  const existing = world.resources.get(id);
  if (existing) return { status: 200, body: visible(updated(existing, request, world)) };

  const refused = refusalOf(request, world);
  if (refused) return refused;
  const { source, topicType } = objectAt(body, 'properties');
  const topic = world.resources.put({
    tags: {},
    ...objectAt(body),
    id,
    name: partsOf(id).name,
    type: partsOf(id).type,
    properties: {
      ...objectAt(body, 'properties'),
      source,
      topicType,
      provisioningState: 'Creating',
      metricResourceId: world.guid(),
    },
  });
  const operation = startOperation(world, request, {
    kind: 'createSystemTopic',
    target: id,
    minutes: creationMinutes,
  });
  return { status: 201, body: visible(topic), headers: statusHeaders(request, operation) };
}

/** How the creation of a system topic ends. */
export const systemTopicCreation: OperationKind = {
  succeed: ({ target }, world) => {
    settle(target, 'Succeeded', world);
  },
  fail: ({ target }, _error, world) => {
    settle(target, 'Failed', world);
  },
};

function settle(id: string, state: string, { resources }: World): void {
  const topic = resources.get(id);
  if (topic) resources.put(withAt(topic, ['properties', 'provisioningState'], state));
}

function updated(existing: Resource, { body }: ArmRequest, { resources }: World): Resource {
  const { tags, identity } = objectAt(body);
  const changes = { ...(isObject(tags) && { tags }), ...(isObject(identity) && { identity }) };
  return resources.put({ ...existing, ...changes });
}

function refusalOf({ id, body }: ArmRequest, { resources }: World): ArmResponse | undefined {
  if (textAt(body, 'location') === undefined) {
    return armError(
      400,
      'LocationRequired',
      'The location property is required for this definition.',
    );
  }
  const source = textAt(body, 'properties', 'source');
  const topicType = textAt(body, 'properties', 'topicType');
  if (source === undefined || topicType === undefined) {
    return armError(400, 'InvalidRequest', 'A system topic needs a source and a topicType.');
  }
  if (!resources.get(source)) return notFound(source);
  const taken = resources
    .ofType('Microsoft.EventGrid/systemTopics', partsOf(id).subscriptionId)
    .some(
      ({ properties }) =>
        sameId(textAt(properties, 'source'), source) &&
        sameId(textAt(properties, 'topicType'), topicType),
    );
  return taken
    ? armError(400, 'InvalidRequest', 'Only one system topic is allowed per source and topic type.')
    : undefined;
}

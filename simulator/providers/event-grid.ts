import type { OperationError } from '../operation-store';
import type { ArmRequest, ResourceProvider } from '../provider';
import type { Resource } from '../resource-store';
import type { World } from '../world';
import { endValidation, validateEndpoint } from './event-grid/endpoint-validation';
import type { EndpointAccess } from './event-grid/endpoint-validation';
import {
  deleteEventSubscription,
  getEventSubscription,
  getFullUrl,
  listEventSubscriptions,
  putEventSubscription,
} from './event-grid/event-subscriptions';
import {
  customTopicWrite,
  deleteCustomTopic,
  getCustomTopic,
  listCustomTopics,
  listKeys,
  patchCustomTopic,
  putCustomTopic,
  regenerateKey,
} from './event-grid/custom-topics';
import { manualValidationEnd } from './event-grid/manual-validation';
import { getOperationStatus } from './event-grid/operation-status';
import {
  deleteSystemTopic,
  getSystemTopic,
  listSystemTopics,
  putSystemTopic,
  systemTopicCreation,
} from './event-grid/system-topics';

const inSubscription = '/subscriptions/{subscription}/providers/Microsoft.EventGrid';
const topics =
  '/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.EventGrid/systemTopics';
const customTopics =
  '/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.EventGrid/topics';
const subscriptionsOfTopic = `${topics}/{topic}/eventSubscriptions`;
const extensions = '{scope}/providers/Microsoft.EventGrid/eventSubscriptions';

/**
 * Microsoft.EventGrid: system topics and the event subscriptions below them and on any resource. `failed` is told of
 * handshakes that end in an error of this program.
 */
export function eventGridProvider(
  access: EndpointAccess,
  failed: (error: unknown) => void,
): ResourceProvider {
  const put = putEventSubscription((resource, request, world) => {
    validate(resource, { request, world, access }).catch(failed);
  });
  return {
    namespace: 'Microsoft.EventGrid',
    routes: {
      [`GET ${inSubscription}/locations/{location}/operationsStatus/{operation}`]:
        getOperationStatus,
      [`GET ${inSubscription}/systemTopics`]: listSystemTopics,
      [`GET ${topics}`]: listSystemTopics,
      [`GET ${topics}/{topic}`]: getSystemTopic,
      [`PUT ${topics}/{topic}`]: putSystemTopic,
      [`DELETE ${topics}/{topic}`]: deleteSystemTopic,
      ...customTopicRoutes,
      ...eventSubscriptionRoutes(subscriptionsOfTopic, put),
      ...eventSubscriptionRoutes(`${customTopics}/{topic}/eventSubscriptions`, put),
      ...eventSubscriptionRoutes(extensions, put),
    },
    effects: { endManualValidation: manualValidationEnd },
    operations: { createSystemTopic: systemTopicCreation, writeCustomTopic: customTopicWrite },
  };
}

const customTopicRoutes: ResourceProvider['routes'] = {
  [`GET ${inSubscription}/topics`]: listCustomTopics,
  [`GET ${customTopics}`]: listCustomTopics,
  [`GET ${customTopics}/{topic}`]: getCustomTopic,
  [`PUT ${customTopics}/{topic}`]: putCustomTopic,
  [`PATCH ${customTopics}/{topic}`]: patchCustomTopic,
  [`DELETE ${customTopics}/{topic}`]: deleteCustomTopic,
  [`POST ${customTopics}/{topic}/listKeys`]: listKeys,
  [`POST ${customTopics}/{topic}/regenerateKey`]: regenerateKey,
};

function eventSubscriptionRoutes(
  collection: string,
  put: ReturnType<typeof putEventSubscription>,
): ResourceProvider['routes'] {
  return {
    [`GET ${collection}`]: listEventSubscriptions,
    [`GET ${collection}/{name}`]: getEventSubscription,
    [`PUT ${collection}/{name}`]: put,
    [`DELETE ${collection}/{name}`]: deleteEventSubscription,
    [`POST ${collection}/{name}/getFullUrl`]: getFullUrl,
  };
}

interface ValidationParts {
  readonly request: ArmRequest;
  readonly world: World;
  readonly access: EndpointAccess;
}

/** A fault rule decides instead of the endpoint. */
async function validate(
  resource: Resource,
  { request, world, access }: ValidationParts,
): Promise<void> {
  const error: OperationError | undefined = request.operationFault?.error;
  if (error === undefined) await validateEndpoint(world, resource, access);
  else endValidation(world, resource, error);
}

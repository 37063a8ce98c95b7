import { parentOf, scopeOf } from '../../arm-id';
import type { EventSubscription } from '../../event-grid/event-subscription';
import { shakeHands } from '../../event-grid/handshake';
import { textAt, withAt } from '../../json';
import type { OperationError } from '../../operation-store';
import type { Resource } from '../../resource-store';
import type { World } from '../../world';
import { stateOf, toEventSubscription } from './subscription-resource';
import type { FunctionUrl } from './destination';

export interface EndpointAccess {
  readonly functionUrl: FunctionUrl;
  /** Ends handshakes that are under way; they are made again after the next start. */
  readonly closing: AbortSignal;
}

// "Webhook event delivery": the validation URL is good for ten minutes.
const manualMs = 10 * 60_000;

export const validatedTypes = [
  'Microsoft.EventGrid/eventSubscriptions',
  'Microsoft.EventGrid/systemTopics/eventSubscriptions',
  'Microsoft.EventGrid/topics/eventSubscriptions',
] as const;

interface Validation {
  readonly world: World;
  readonly resource: Resource;
  readonly validationCode: string;
}

/** The resource an event subscription belongs to: the system topic, or what it extends. */
export function topicOf(id: string): string {
  return /\/(systemTopics|topics)\/[^/]+\/eventSubscriptions\/[^/]+$/i.test(id)
    ? parentOf(id)
    : scopeOf(id);
}

/**
 * Lets the endpoint of a subscription prove itself, and ends the operation by what comes of it. Takes as long as
 * the receiver does, which is no simulated time.
 */
export async function validateEndpoint(
  world: World,
  resource: Resource,
  access: EndpointAccess,
): Promise<void> {
  const validationCode = world.guid();
  const error = await refusalOf({ world, resource, validationCode }, access);
  if (access.closing.aborted) return;
  if (error === 'later') awaitManualAction(world, resource, validationCode);
  else endValidation(world, resource, error);
}

/** Starts the handshakes again that an earlier process did not end. */
export async function resumeValidations(world: World, access: EndpointAccess): Promise<void> {
  const subscriptions = validatedTypes.flatMap((type) => world.resources.ofType(type));
  await Promise.all(
    subscriptions
      .filter((resource) => ['Creating', 'Updating'].includes(stateOf(resource)))
      .map((resource) => validateEndpoint(world, resource, access)),
  );
}

/** The subscription now waits for somebody who opens the URL of its validation event. */
function awaitManualAction(world: World, { id, $truth }: Resource, code: string): void {
  const current = world.resources.get(id);
  const operation = textAt($truth, 'operation');
  if (current === undefined || textAt(current.$truth, 'operation') !== operation) return;
  const waiting = withAt(current, ['properties', 'provisioningState'], 'AwaitingManualAction');
  world.resources.put(withAt(waiting, ['$truth', 'validationCode'], code));
  world.later(world.clock.now() + manualMs, 'endManualValidation', { id, code });
}

async function refusalOf(
  { world, resource, validationCode }: Validation,
  { functionUrl, closing }: EndpointAccess,
): Promise<OperationError | 'later' | undefined> {
  const destination = ['properties', 'destination', 'properties'];
  const resourceId = textAt(resource, ...destination, 'resourceId');
  const subscription = toEventSubscription(resource, functionUrl);
  if (subscription === undefined) return endpointNotFound(resourceId);
  const missing = missingPlace(subscription, world);
  if (missing !== undefined) return endpointNotFound(missing);
  const { endpointUrl: url, isAzureResource = false } = subscription;
  // Event Grid fetches the key of a function by itself and asks it nothing.
  if (isAzureResource || url === undefined) return undefined;

  const result = await shakeHands(
    {
      url,
      schema: subscription.schema,
      subscriptionName: subscription.name,
      topic: topicOf(resource.id),
      now: world.clock.now(),
      validationCode,
      newId: () => world.guid(),
    },
    closing,
  );
  if (result === 'later') return 'later';
  return result === 'proved' ? undefined : validationFailed(resource);
}

/** The queue, hub or container of dead letters that is not there, by its resource. */
function missingPlace(
  { keeps, deadLetter }: EventSubscription,
  { resources }: World,
): string | undefined {
  return [keeps, deadLetter]
    .flatMap((place) => place?.resourceId ?? [])
    .find((id) => resources.get(id) === undefined);
}

/** Ends the operation and, unless the subscription was written again or deleted meanwhile, settles its state. */
export function endValidation(
  world: World,
  { id, $truth }: Resource,
  error: OperationError | undefined,
): void {
  const operationId = textAt($truth, 'operation') ?? '';
  endOperation(world, operationId, error);
  const current = world.resources.get(id);
  if (current === undefined || textAt(current.$truth, 'operation') !== operationId) return;
  const state = error === undefined ? 'Succeeded' : 'Failed';
  world.resources.put(withAt(current, ['properties', 'provisioningState'], state));
}

function endOperation(
  { operations, clock }: World,
  id: string,
  error: OperationError | undefined,
): void {
  const operation = operations.get(id);
  if (operation?.status !== 'InProgress') return;
  const ended = { ...operation, endsAt: clock.now() };
  operations.put(
    error === undefined ? { ...ended, status: 'Succeeded' } : { ...ended, status: 'Failed', error },
  );
}

function endpointNotFound(functionId = ''): OperationError {
  return {
    code: 'Endpoint validation',
    message: `Destination endpoint not found. Resource details: resourceId: ${functionId}. Resource should pre-exist before attempting this operation.`,
  };
}

export function validationFailed(resource: Resource): OperationError {
  const destination = ['properties', 'destination', 'properties'];
  const endpointBaseUrl = textAt(resource, ...destination, 'endpointBaseUrl') ?? '';
  return {
    code: 'Url validation',
    message: `The attempt to validate the provided endpoint ${endpointBaseUrl} failed. For more details, visit https://aka.ms/esvalidation.`,
  };
}

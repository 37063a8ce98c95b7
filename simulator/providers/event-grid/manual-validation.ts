import { textAt } from '../../json';
import { armError } from '../../provider';
import type { ArmResponse } from '../../provider';
import type { Resource } from '../../resource-store';
import type { RawRequest } from '../../wire';
import type { Effect, World } from '../../world';
import { endValidation, validatedTypes, validationFailed } from './endpoint-validation';
import { stateOf } from './subscription-resource';

const path = /^\/eventsubscriptions\/[^/]+\/validate\?/;

/** Whether somebody opens the `validationUrl` of a validation event. */
export function isManualValidation({ method, url }: RawRequest): boolean {
  return method === 'GET' && path.test(url);
}

/** Takes the endpoint of the subscription for proved, as long as it still waits for that. */
export function validateByHand({ url }: RawRequest, world: World): ArmResponse {
  world.clock.catchUp();
  const code = new URL(url, 'http://-').searchParams.get('id') ?? '';
  const found = validatedTypes
    .flatMap((type) => world.resources.ofType(type))
    .find((one) => isWaiting(one) && textAt(one.$truth, 'validationCode') === code);
  if (found === undefined) {
    return armError(404, 'NotFound', 'No event subscription waits for this validation any more.');
  }
  endValidation(world, found, undefined);
  return { status: 200, body: 'Webhook successfully validated as a subscription endpoint' };
}

/** The end of the ten minutes in which the URL may be opened. */
export const manualValidationEnd: Effect = (details, world) => {
  const found = world.resources.get(textAt(details, 'id') ?? '');
  if (found === undefined || !isWaiting(found)) return;
  if (textAt(found.$truth, 'validationCode') !== textAt(details, 'code')) return;
  endValidation(world, found, validationFailed(found));
};

function isWaiting(resource: Resource): boolean {
  return stateOf(resource) === 'AwaitingManualAction';
}

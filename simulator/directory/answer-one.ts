import { at } from '../json';
import type { ArmResponse } from '../provider';
import type { Directory } from './directory';
import { graphError, objectNotFound, requestDenied } from './graph-error';
import { addressedBy, noSegment, unsupported } from './graph-path';
import type { Addressed } from './graph-path';
import type { GraphRequest } from './graph-request';
import { selected, textCollection } from './select';

/** Answers a request that is no batch: one object, or the groups it is in. Everything else changes the directory. */
export function answerOne(request: GraphRequest, directory: Directory): ArmResponse {
  const addressed = addressedBy(request.path);
  if ('status' in addressed) return addressed;
  const { action, set } = addressed;
  if (action !== undefined) return act(request, addressed, directory);
  if (request.method !== 'GET') return requestDenied();
  if (set === 'directoryObjects') {
    return unsupported('The simulated directory shows service principals and applications only.');
  }
  const { key } = addressed;
  const found =
    set === 'applications' ? directory.application(key) : directory.servicePrincipal(key);
  return found ? selected(found, set, request.query) : objectNotFound(key.value);
}

function act(
  { method, body }: GraphRequest,
  { set, key, action = '' }: Addressed,
  directory: Directory,
): ArmResponse {
  if (action.toLowerCase() !== 'getmembergroups' || set === 'applications') {
    return noSegment(action);
  }
  if (method !== 'POST') {
    const message = 'Specified HTTP method is not allowed for the request target.';
    return graphError(405, 'Request_BadRequest', message);
  }
  const securityEnabledOnly = at(body, 'securityEnabledOnly');
  if (typeof securityEnabledOnly !== 'boolean') {
    const message = "The parameter 'securityEnabledOnly' is missing or no Boolean.";
    return graphError(400, 'Request_BadRequest', message);
  }
  const groups = directory.memberGroups(key, securityEnabledOnly);
  return groups ? textCollection(groups) : objectNotFound(key.value);
}

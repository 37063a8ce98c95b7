import { parentOf } from '../../arm-id';
import { at, objectAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { listAnswer } from '../../paging';
import { armError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { World } from '../../world';

const most = 20; // per identity
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/;

export function listCredentials(request: ArmRequest, world: World): ArmResponse {
  const identity = world.resources.get(parentOf(`${request.id}/x`));
  if (identity === undefined) return missingIdentity(request);
  return listAnswer(request, world.resources.in(request.id), world);
}

export function getCredential({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  return found ? { status: 200, body: visible(found) } : notFound(id);
}

/** Exactly one audience; issuer and subject together only once; at most 20 for one identity. */
export function putCredential(request: ArmRequest, world: World): ArmResponse {
  const { id, body } = request;
  const { resources, clock } = world;
  const properties = objectAt(body, 'properties');
  const existing = resources.get(id);
  const refused = resources.get(parentOf(id))
    ? (concurrent(request, world) ??
      invalid(request, properties) ??
      taken(request, properties, resources.in(siblings(id))))
    : missingIdentity(request);
  if (refused) return refused;
  const saved = resources.put({
    ...objectAt(body),
    id,
    name: param(request, 'credential'),
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
    properties,
    $truth: { since: clock.now() },
  });
  noteWrite(id, world);
  return { status: existing ? 200 : 201, body: visible(saved) };
}

export function deleteCredential(request: ArmRequest, world: World): ArmResponse {
  const refused = concurrent(request, world);
  if (refused) return refused;
  const removed = world.resources.delete(request.id);
  if (removed) noteWrite(request.id, world);
  return { status: removed ? 200 : 204 };
}

/** Writes below one identity come one after the other: "concurrent updates are not supported". */
function concurrent({ id }: ArmRequest, world: World): ArmResponse | undefined {
  const { writeSeconds } = world.behaviour.credentials;
  const last = at(world.resources.get(parentOf(id))?.$truth, 'credentialWrite');
  const since = typeof last === 'number' ? world.clock.now() - last : Infinity;
  if (since >= writeSeconds * 1000) return undefined;
  return armError(
    409,
    'Conflict',
    'Too many Federated Identity Credentials are written concurrently for the managed identity. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.',
  );
}

/** Kept only where it matters. */
function noteWrite(id: string, { resources, behaviour, clock }: World): void {
  const identity = resources.get(parentOf(id));
  if (identity === undefined || behaviour.credentials.writeSeconds === 0) return;
  resources.put({ ...identity, $truth: { ...identity.$truth, credentialWrite: clock.now() } });
}

function siblings(id: string): string {
  return id.slice(0, id.lastIndexOf('/'));
}

function invalid(request: ArmRequest, properties: JsonObject): ArmResponse | undefined {
  const audiences: Json | undefined = properties['audiences'];
  const name = param(request, 'credential');
  if (!namePattern.test(name)) return badRequest(`The credential name ${name} is invalid.`);
  if (!Array.isArray(audiences) || audiences.length !== 1) {
    return badRequest('A federated identity credential takes exactly one audience.');
  }
  const texts = [properties['issuer'], properties['subject'], ...(audiences as readonly Json[])];
  const valid = texts.every((text) => typeof text === 'string' && /^[^*]{1,600}$/.test(text));
  const issuer = URL.parse(textAt(properties, 'issuer') ?? '');
  if (valid && issuer?.protocol !== 'https:') return badRequest('The issuer must be an https URL.');
  return valid
    ? undefined
    : badRequest(
        'Issuer, subject and audience are texts of 1 to 600 characters without wildcards.',
      );
}

function taken(
  { id }: ArmRequest,
  properties: JsonObject,
  all: readonly JsonObject[],
): ArmResponse | undefined {
  const others = all.filter((other) => textAt(other, 'id')?.toLowerCase() !== id.toLowerCase());
  const same = others.some((other) =>
    ['issuer', 'subject'].every((name) => at(other, 'properties', name) === properties[name]),
  );
  if (same) {
    return badRequest(
      'Issuer and subject combination already exists for this Managed Identity. Use the credential that holds it.',
    );
  }
  return others.length < most
    ? undefined
    : badRequest(`Too many federated identity credentials: at most ${most} for one identity.`);
}

function badRequest(message: string): ArmResponse {
  return armError(400, 'BadRequest', message);
}

function missingIdentity(request: ArmRequest): ArmResponse {
  return armError(404, 'NotFound', `The identity ${param(request, 'name')} was not found.`);
}

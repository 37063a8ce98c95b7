import { at, textAt } from '../json';
import type { Json, JsonObject } from '../json';
import type { Resource } from '../resource-store';
import type { World } from '../world';
import { readJwt } from './jwt';
import { clusterOfIssuer } from './issuers';
import type { SigningKey } from './signing-key';

/** Why an assertion is not accepted: the code of Entra and what it is about. */
export interface Rejection {
  readonly code: number;
  readonly about: string;
}

/**
 * Holds a presented assertion against the federated credentials of an identity: issuer, subject and audience must be equal
 * to the byte, then the issuer's keys must have signed it, and it must be within its time.
 *
 * @returns undefined when it is accepted.
 */
export function rejection(
  assertion: string,
  identity: Resource,
  { world, key }: { readonly world: World; readonly key: SigningKey },
): Rejection | undefined {
  const claims = readJwt(assertion)?.claims;
  if (claims === undefined) return { code: 50027, about: 'client_assertion has three parts.' };
  const presented = {
    issuer: textAt(claims, 'iss') ?? '',
    subject: textAt(claims, 'sub') ?? '',
    audience: audienceOf(claims),
  };
  return (
    unmatched(credentialsOf(identity, world), presented, world) ??
    unproven(assertion, { issuer: presented.issuer, claims }, { world, key })
  );
}

/** What an assertion says of itself. */
export interface Presented {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/**
 * Why an identity does not trust what a cluster of this world presents, signed as it should be; undefined when it does.
 */
export function untrusted(
  identity: Resource,
  presented: Presented,
  world: World,
): Rejection | undefined {
  const rejected = unmatched(credentialsOf(identity, world), presented, world);
  if (rejected !== undefined) return rejected;
  return clusterOfIssuer(presented.issuer, world) === undefined
    ? { code: 90061, about: `Issuer: '${presented.issuer}'.` }
    : undefined;
}

function unmatched(
  credentials: readonly Resource[],
  { issuer, subject, audience }: Presented,
  world: World,
): Rejection | undefined {
  const about = `Assertion Issuer: '${issuer}'. Assertion Subject: '${subject}'. Assertion Audience: '${audience}'.`;
  const has = (name: string, value: string) => (credential: Resource) =>
    at(credential, 'properties', name) === value;
  const ofIssuer = credentials.filter(has('issuer', issuer));
  if (ofIssuer.length === 0) return { code: 700211, about };
  const ofSubject = ofIssuer.filter(has('subject', subject));
  if (ofSubject.length === 0) return { code: 700213, about };
  const matching = ofSubject.filter((credential) => {
    const audiences = at(credential, 'properties', 'audiences');
    return Array.isArray(audiences) && (audiences as readonly Json[]).includes(audience);
  });
  if (matching.length === 0) return { code: 700212, about };
  const inEffect = world.clock.now() - world.behaviour.credentials.effectMinutes * 60_000;
  const known = matching.some((credential) => {
    const since = at(credential.$truth, 'since');
    return typeof since !== 'number' || since <= inEffect;
  });
  return known ? undefined : { code: 70021, about };
}

function unproven(
  assertion: string,
  { issuer, claims }: { readonly issuer: string; readonly claims: JsonObject },
  { world, key }: { readonly world: World; readonly key: SigningKey },
): Rejection | undefined {
  if (clusterOfIssuer(issuer, world) === undefined) {
    return { code: 90061, about: `Issuer: '${issuer}'.` };
  }
  if (!key.hasSigned(assertion)) return { code: 700027, about: `Issuer: '${issuer}'.` };
  const now = world.clock.now() / 1000;
  const from = claims['nbf'] ?? claims['iat'];
  const until = claims['exp'];
  const inTime =
    typeof until === 'number' && until > now && (typeof from !== 'number' || from <= now + 300);
  if (inTime) return undefined;
  return { code: 700024, about: `Current time: ${new Date(now * 1000).toISOString()}.` };
}

function credentialsOf({ id }: Resource, { resources }: World): readonly Resource[] {
  return resources.in(`${id}/federatedIdentityCredentials`);
}

function audienceOf(claims: JsonObject): string {
  const audience = claims['aud'];
  const one = Array.isArray(audience) ? (audience as readonly Json[])[0] : audience;
  return typeof one === 'string' ? one : '';
}

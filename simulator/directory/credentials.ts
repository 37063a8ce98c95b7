import { objectsAt } from '../json';
import type { Json, JsonObject } from '../json';

const passwordMembers = ['keyId', 'displayName', 'startDateTime', 'endDateTime', 'hint'];
const keyMembers = ['keyId', 'displayName', 'startDateTime', 'endDateTime', 'type', 'usage'];

/** The credentials that a scenario gives an object, without anything that could be a secret or a key. */
export function credentialsIn(given: Json | undefined): JsonObject {
  return {
    passwordCredentials: objectsAt(given, 'passwordCredentials').map(only(passwordMembers)),
    keyCredentials: objectsAt(given, 'keyCredentials').map(only(keyMembers)),
  };
}

/** Absent members are null in an answer of Graph. */
function only(members: readonly string[]): (credential: JsonObject) => JsonObject {
  return (credential) =>
    Object.fromEntries(members.map((name) => [name, credential[name] ?? null]));
}

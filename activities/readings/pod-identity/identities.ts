import type { Clients } from '../../../clients';
import { readArm } from '../../../clients/arm-errors';
import { canonicalArmId } from '../../../domain/ids';
import type { IdentityReading, Json } from '../../../domain/migration/snapshot';
import { objectIn, objectsIn } from '../../../domain/migration/json';
import { FailureError } from '../../../domain/outcome';
import { eachOf, rawList } from './raw-list';

const identityApiVersion = '2024-11-30';
const identityPattern =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/[^/]+\/providers\/microsoft\.managedidentity\/userassignedidentities\/[^/]+$/i;

/** Identities that pod identities of these clusters are about: of the add-on, and of AzureIdentity objects. */
export function namedIdentities(
  clusters: readonly Json[],
  azureIdentities: readonly Json[],
): readonly string[] {
  const ofAddOn = clusters
    .flatMap(({ properties }) =>
      objectsIn(objectIn(objectIn(properties)['podIdentityProfile'])['userAssignedIdentities']),
    )
    .map(({ identity }) => objectIn(identity)['resourceId']);
  // Before release 1.6 the fields began with capitals.
  const ofObjects = azureIdentities
    .map(({ spec }) => objectIn(spec))
    .map((spec) => spec['resourceID'] ?? spec['ResourceID']);
  const ids = [...ofAddOn, ...ofObjects].filter(
    (id): id is string => typeof id === 'string' && identityPattern.test(id),
  );
  return [...new Map(ids.map((id) => [canonicalArmId(id), id])).values()];
}

/** Identities with what they trust. One that does not exist is not among them; one that is out of sight says so. */
export async function readIdentities(
  clients: Clients,
  ids: readonly string[],
): Promise<readonly IdentityReading[]> {
  const found = await eachOf(ids, (id) => readIdentity(clients, id));
  return found.flatMap((one) => one ?? []);
}

async function readIdentity(clients: Clients, id: string): Promise<IdentityReading | undefined> {
  const [, subscriptionId = ''] = identityPattern.exec(id) ?? [];
  const arm = await clients.arm(subscriptionId);
  try {
    const answer = await readArm(id, () =>
      arm({ method: 'GET', path: id, apiVersion: identityApiVersion }),
    );
    if (answer === undefined) return undefined;
    const path = `${id}/federatedIdentityCredentials`;
    const credentials = await rawList(arm, { path, apiVersion: identityApiVersion });
    return { id, ...objectIn(answer.body), federatedIdentityCredentials: credentials };
  } catch (error) {
    const isForbidden = error instanceof FailureError && error.failure.code === 'Forbidden';
    if (isForbidden) return { id, forbidden: true };
    throw error;
  }
}

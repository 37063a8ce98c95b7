import { createHash } from 'node:crypto';

import type { FederatedIdentityCredential, ManagedServiceIdentityClient } from '@azure/arm-msi';

import type { Clients } from '../../clients';
import { callArm, readArm } from '../../clients/arm-errors';
import { getCluster } from '../../clients/clusters';
import { armName } from '../../domain/ids';
import { credentialName, exchangeAudience } from '../../domain/migration/credential-name';
import type { TrustedSubject } from '../../domain/migration/credential-name';
import { subjectOf } from '../../domain/migration/work';
import type { CredentialWork } from '../../domain/migration/work';
import { FailureError, TransientError } from '../../domain/outcome';
import { defineActivity } from '../activity';
import type { ActivityContext } from '../activity';
import { requireGoing } from './going';
import { claim, release } from '../claims';
import { issuerOf } from './issuer';
import { remember } from './ledger';
import type { MigrationPlace } from './ledger';

export interface WriteCredentialInput extends MigrationPlace {
  readonly credential: CredentialWork;
}

/** Credentials that one identity can have. Source: "Important considerations and restrictions for federated credentials". */
const mostCredentials = 20;
const leaseMinutes = 2;

/**
 * Lets a service account act as an identity. Azure refuses two writes below one identity at a time, so whoever writes holds
 * a lease of the identity, in all runs of all clusters. Idempotent: a credential for the same issuer and subject is
 * kept, whatever its name, and gets the audience it lacks.
 *
 * @throws FailureError `QuotaExceeded` when the identity is full.
 */
export const writeCredential = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
  ],
  async (
    { migrationId, clusterId, credential }: WriteCredentialInput,
    { clients, log },
  ): Promise<{ readonly name: string; readonly written: boolean }> => {
    await requireGoing(clients.records, migrationId);
    const { body, facts } = await getCluster(clients, clusterId);
    const { namespace, account } = credential;
    const subject = subjectOf(namespace, account);
    const trust = {
      ...{ migrationId, clusterId, identityId: credential.identityId, subject },
      issuer: issuerOf(body, facts.armId),
      freshName: (issuer: string) =>
        credentialName({ cluster: facts.name, namespace, account }, { issuer, subject }),
    };
    const lease = {
      identityId: credential.identityId,
      owner: `${migrationId} ${clusterId} ${subject}`,
    };
    return holding(clients, lease, () => ensureCredential(trust, { clients, log }));
  },
);

interface Trust extends MigrationPlace, TrustedSubject {
  readonly identityId: string;
  readonly freshName: (issuer: string) => string;
}

async function ensureCredential(
  { migrationId, clusterId, identityId, issuer, subject, freshName }: Trust,
  { clients, log }: Pick<ActivityContext, 'clients' | 'log'>,
): Promise<{ readonly name: string; readonly written: boolean }> {
  const existing = await credentialsOf(clients, identityId);
  const same = existing.find((one) => one.issuer === issuer && one.subject === subject);
  const { name = freshName(issuer), audiences } = same ?? {};
  if (audiences?.includes(exchangeAudience) === true) return { name, written: false };
  if (!same && existing.length >= mostCredentials) throw full(identityId);
  const change = { kind: 'credential', identityId, name, issuer, subject } as const;
  const place = { migrationId, clusterId };
  await remember(clients.records, place, { ...change, ...(audiences && { audiences }) });
  log.info('credential.writing', { clusterId, identityId, name, subject });
  await put(clients, identityId, { name, issuer, subject });
  return { name, written: true };
}

/** Runs as the only one that writes below an identity. */
export async function holding<T>(
  { records }: Clients,
  { identityId, owner }: { readonly identityId: string; readonly owner: string },
  work: () => Promise<T>,
): Promise<T> {
  const digest = createHash('sha256').update(identityId.toLowerCase()).digest('hex');
  const id = `credentials_${digest.slice(0, 32)}`;
  const asOf = new Date().toISOString();
  if ((await claim(records, { id, owner, asOf, minutes: leaseMinutes })) === 'held') {
    throw new TransientError(`another run writes a credential of ${armName(identityId)}`);
  }
  try {
    return await work();
  } finally {
    await release(records, id, owner);
  }
}

/** The credentials of an identity. @throws FailureError `NotFound`. */
export async function credentialsOf(
  clients: Clients,
  identityId: string,
): Promise<readonly FederatedIdentityCredential[]> {
  const { client, group } = await clientFor(clients, identityId);
  const found = await readArm(identityId, async () => {
    const all: FederatedIdentityCredential[] = [];
    for await (const one of client.list(group, armName(identityId))) all.push(one);
    return all;
  });
  if (found) return found;
  throw new FailureError({
    code: 'NotFound',
    message: `The identity ${armName(identityId)} does not exist any more.`,
    next: 'Plan the migration again; the new plan is made from the identities there are.',
    target: identityId,
  });
}

export async function clientFor(
  clients: Clients,
  identityId: string,
): Promise<{
  readonly client: ManagedServiceIdentityClient['federatedIdentityCredentials'];
  readonly group: string;
}> {
  const [, , subscriptionId = '', , group = ''] = identityId.split('/');
  const { federatedIdentityCredentials: client } = await clients.managedIdentity(subscriptionId);
  return { client, group };
}

async function put(
  clients: Clients,
  identityId: string,
  { name, issuer, subject }: TrustedSubject & { readonly name: string },
): Promise<void> {
  const { client, group } = await clientFor(clients, identityId);
  const body = { issuer, subject, audiences: [exchangeAudience] };
  const id = `${identityId}/federatedIdentityCredentials/${name}`;
  await callArm(id, () => client.createOrUpdate(group, armName(identityId), name, body));
}

function full(identityId: string): FailureError {
  return new FailureError({
    code: 'QuotaExceeded',
    message: `${armName(identityId)} has ${mostCredentials} federated credentials already, which is all it can have.`,
    next: 'Remove credentials of clusters that are gone, then plan the migration again.',
    target: identityId,
  });
}

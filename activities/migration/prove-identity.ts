import { getCluster } from '../../clients/clusters';
import { exchangeAudience } from '../../domain/migration/credential-name';
import type { CredentialWork } from '../../domain/migration/work';
import { FailureError, TransientError } from '../../domain/outcome';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import { issuerOf } from './issuer';
import type { MigrationPlace } from './ledger';

const tokenSeconds = 600;

/**
 * Proves that a service account may act as an identity, as a pod would do it: with a token of the account, which Entra
 * exchanges for one of the identity. Both are dropped at once. Whoever repeats it waits until Entra knows a new credential.
 *
 * @throws FailureError `NotVerified` with Entra's reason.
 */
export const proveIdentity = defineActivity(
  [...insideNeeds, 'Microsoft.ContainerService/managedClusters/read'],
  async (
    { clusterId, proof }: Pick<MigrationPlace, 'clusterId'> & { readonly proof: CredentialWork },
    { clients, log },
  ): Promise<{ readonly proven: true }> => {
    const { tenantId, clientId, principalId, namespace, account: serviceAccount } = proof;
    const { body, facts } = await getCluster(clients, clusterId);
    const kube = await clients.kubernetes(clusterId);
    const assertion = await kube.createToken({
      namespace,
      serviceAccount,
      audiences: [exchangeAudience],
      seconds: tokenSeconds,
    });
    requireIssuer(assertion, issuerOf(body, facts.armId), facts.armId);
    const result = await clients.exchangeAssertion({ tenantId, clientId, assertion });
    if (!result.issued) {
      const { code, remedy, message } = result;
      if (remedy === 'retry') throw new TransientError(`AADSTS${code}: no credential matches yet`);
      throw unproven(proof, `AADSTS${code}: ${inShort(message)}`, facts.armId);
    }
    const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
    const right =
      same(result.appid, clientId) &&
      (principalId === '' || same(result.oid, principalId)) &&
      (tenantId === '' || same(result.tid, tenantId));
    if (!right) throw unproven(proof, `Entra issued a token of ${result.appid}.`, facts.armId);
    log.info('identity.proven', { clusterId, namespace, serviceAccount, clientId });
    return { proven: true };
  },
);

/** Entra's words without the code in front and the ids behind. */
function inShort(message: string): string {
  const [first = ''] = message.split(/ Trace ID:/);
  return first.replace(/^AADSTS\d+: /, '');
}

/** The pod's token has the issuer of this one: it is to be the one that the credential names, byte for byte. */
function requireIssuer(token: string, issuer: string, target: string): void {
  const [, claims = ''] = token.split('.');
  const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss?: unknown };
  if (iss === issuer) return;
  throw new FailureError({
    code: 'NotVerified',
    message: `Tokens of the cluster are issued by ${String(iss)}, and Azure names ${issuer}.`,
    next: 'Wait until the API servers have taken up the new issuer, then apply the migration again.',
    target,
  });
}

function unproven(
  { namespace, account, clientId }: CredentialWork,
  reason: string,
  target: string,
): FailureError {
  return new FailureError({
    code: 'NotVerified',
    message: `${namespace}/${account} gets no token of ${clientId}: ${reason}`,
    next: 'Compare the federated credential with issuer and subject of the account, then apply again.',
    target,
  });
}

import { missingApprovals, namesOf } from './approvals';
import type { Approval } from './approvals';
import type {
  AccountMigration,
  ClusterMigration,
  ClusterStep,
  IdentityMigration,
  MigrationPlan,
  WorkloadMigration,
} from './document';
import type { FleetReading, Json } from './snapshot';

/** A federated credential that is to exist, and whose it is. */
export interface CredentialWork {
  readonly identityId: string;
  readonly clientId: string;
  readonly principalId: string;
  readonly tenantId: string;
  readonly namespace: string;
  readonly account: string;
}

/** What may be done in a cluster with the approvals that were given. */
export interface ClusterWork {
  readonly name: string;
  /** Codes of the cluster that nobody agreed to; with any, nothing is done. */
  readonly missing: readonly string[];
  readonly blocked: boolean;
  readonly steps: readonly ClusterStep[];
  readonly deadPodIdentities: readonly string[];
  readonly accounts: readonly AccountMigration[];
  /** To be made or mended. */
  readonly credentials: readonly CredentialWork[];
  /** Pairs of account and identity whose token is to be proved before any pod relies on it. */
  readonly proofs: readonly CredentialWork[];
  /** To be patched, or prepared for a pull request. In order of their namespaces. */
  readonly workloads: readonly WorkloadMigration[];
  readonly held: readonly HeldWorkload[];
}

export interface HeldWorkload extends Pick<
  WorkloadMigration,
  'kind' | 'namespace' | 'name' | 'status' | 'codes'
> {
  readonly missing: readonly string[];
}

export interface WorkQuery {
  readonly plan: MigrationPlan;
  readonly fleet: Pick<FleetReading, 'identities'>;
  readonly cluster: ClusterMigration;
  readonly approvals: readonly Approval[];
}

/** The part of a plan that may be carried out in one cluster. Pure. */
export function workOf(query: WorkQuery): ClusterWork {
  const { cluster, approvals } = query;
  const { name, codes, status, steps, deadPodIdentities } = cluster;
  const judged = cluster.workloads.map((workload) => ({
    workload,
    missing: missingApprovals(workload.codes, namesOf(name, workload), approvals),
  }));
  const goes = judged.filter(
    ({ workload, missing }) =>
      ['patch', 'pull-request'].includes(workload.delivery) && missing.length === 0,
  );
  const workloads = goes.map(({ workload }) => workload);
  const accounts = cluster.serviceAccounts.filter((account) =>
    workloads.some((one) => isAccountOf(account, one)),
  );
  return {
    name,
    missing: missingApprovals(codes, [name, cluster.id], approvals),
    blocked: status === 'blocked',
    steps,
    deadPodIdentities,
    accounts,
    ...trustFor(query, { accounts, workloads }),
    workloads,
    held: judged
      .filter((one) => !goes.includes(one) && !settled.includes(one.workload.status))
      .map(({ workload, missing }) => {
        const { kind, namespace, name: workloadName, status: stands, codes: why } = workload;
        return { kind, namespace, name: workloadName, status: stands, codes: why, missing };
      }),
  };
}

function isAccountOf(
  account: Pick<AccountMigration, 'namespace' | 'name'>,
  { namespace, serviceAccount }: WorkloadMigration,
): boolean {
  return account.namespace === namespace && account.name === serviceAccount;
}

/** Nothing is to be done with these. */
const settled: readonly string[] = ['unused', 'migrated'];

interface Going {
  readonly accounts: readonly AccountMigration[];
  readonly workloads: readonly WorkloadMigration[];
}

/** What the accounts of the workloads that go are to be trusted for: what is trusted is what is used. */
function trustFor(
  { plan, fleet, cluster }: WorkQuery,
  { accounts, workloads }: Going,
): Pick<ClusterWork, 'credentials' | 'proofs'> {
  const places = new Map(
    workloads.map(({ namespace, serviceAccount = 'default' }) => [
      subjectOf(namespace, serviceAccount),
      { namespace, account: serviceAccount },
    ]),
  );
  const credentials = plan.identities.flatMap((identity) => {
    const facts = identityFacts(fleet, identity);
    const subjects = [...newSubjects(identity, cluster), ...mendedSubjects(identity, fleet)];
    return subjects.flatMap((subject) => {
      const place = places.get(subject);
      return place ? [{ ...facts, ...place }] : [];
    });
  });
  const defaults = accounts.flatMap(({ namespace, name, clientId }) =>
    plan.identities
      .filter((identity) => identity.clientId === clientId)
      .map((identity) => ({ ...identityFacts(fleet, identity), namespace, account: name })),
  );
  const proofs = new Map([...credentials, ...defaults].map((one) => [proofKey(one), one]));
  return { credentials, proofs: [...proofs.values()] };
}

function newSubjects(
  { ficsToCreate }: IdentityMigration,
  { name }: ClusterMigration,
): readonly string[] {
  return ficsToCreate.filter(({ cluster }) => cluster === name).map(({ subject }) => subject);
}

/** Credentials that exist with another audience. */
function mendedSubjects(
  { resourceId, ficsToUpdate }: IdentityMigration,
  fleet: Pick<FleetReading, 'identities'>,
): readonly string[] {
  const credentials = identityOf(fleet, resourceId)?.federatedIdentityCredentials ?? [];
  return credentials
    .filter(({ name }) => typeof name === 'string' && ficsToUpdate.includes(name))
    .map((credential) => textOf((credential['properties'] as Json | undefined)?.['subject']));
}

function proofKey({ identityId, namespace, account }: CredentialWork): string {
  return `${identityId.toLowerCase()} ${namespace}/${account}`;
}

export function subjectOf(namespace: string, account: string): string {
  return `system:serviceaccount:${namespace}:${account}`;
}

function identityFacts(
  fleet: Pick<FleetReading, 'identities'>,
  { resourceId, clientId }: IdentityMigration,
): Pick<CredentialWork, 'identityId' | 'clientId' | 'principalId' | 'tenantId'> {
  const properties = (identityOf(fleet, resourceId)?.['properties'] ?? {}) as Json;
  const principalId = textOf(properties['principalId']);
  const tenantId = textOf(properties['tenantId']);
  return { identityId: resourceId, clientId, principalId, tenantId };
}

function identityOf(
  { identities }: Pick<FleetReading, 'identities'>,
  resourceId: string,
): FleetReading['identities'][number] | undefined {
  return identities.find(({ id }) => id.toLowerCase() === resourceId.toLowerCase());
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

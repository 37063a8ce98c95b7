import { issuesIf } from '../codes';
import type { Issue } from '../codes';
import type { ClusterContext } from '../reading/cluster-context';
import { variableOf } from '../reading/environment';
import type { Variable } from '../reading/environment';
import { asksByResourceId, isLoggedAs, requestsOf } from '../reading/nmi-evidence';
import { allContainers } from '../reading/pod-template';
import { sameText } from '../reading/values';
import { workloadKey } from '../reading/workloads';
import type { Workload } from '../reading/workloads';
import type { UsedIdentity } from './identity-rule';

export interface DefaultIdentity {
  /** The one that pods act as when they do not say; becomes the annotation of their account. */
  readonly identity?: UsedIdentity;
  readonly issues: readonly Issue[];
}

/** R6: which of its identities a workload uses when it names none. */
export function defaultIdentity(
  workload: Workload,
  identities: readonly UsedIdentity[],
  context: ClusterContext,
): DefaultIdentity {
  const set = variables(workload, 'AZURE_CLIENT_ID', context);
  const pinned = new Set(known(set).map((value) => value.toLowerCase()));
  const chosen = choose(workload, identities, { context, pinned });
  const { identity } = chosen;
  const tenants = new Set((identity ? [identity] : identities).map(({ tenantId }) => tenantId));
  const issues = issuesIf({
    ENV_CLIENT_ID_UNRESOLVED: set.some(({ kind }) => kind === 'hidden'),
    ENV_TENANT_MISMATCH: known(variables(workload, 'AZURE_TENANT_ID', context)).some(
      (tenant) => !tenants.has('') && ![...tenants].some((one) => sameText(one, tenant)),
    ),
    ENV_CREDENTIAL_PRESENT: credentialVariables.some((name) =>
      variables(workload, name, context).some(
        (variable) => variable.kind === 'hidden' || variable.value !== '',
      ),
    ),
  });
  return { ...(identity && { identity }), issues: [...chosen.issues, ...issues] };
}

/** With these an application signs in by itself, before it tries Workload ID. */
const credentialVariables = [
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_PASSWORD',
];

function variables(
  { namespace, template }: Workload,
  name: string,
  { state }: ClusterContext,
): readonly Variable[] {
  return allContainers(template).flatMap(
    (container) => variableOf(container, name, { state, namespace }) ?? [],
  );
}

function known(set: readonly Variable[]): readonly string[] {
  return set.flatMap((variable) => (variable.kind === 'known' ? [variable.value.trim()] : []));
}

function choose(
  workload: Workload,
  identities: readonly UsedIdentity[],
  { context, pinned }: { readonly context: ClusterContext; readonly pinned: ReadonlySet<string> },
): DefaultIdentity {
  if (pinned.size > 0) return fromEnvironment(identities, [...pinned]);
  const wanted = named(context.options.defaultIdentity, workloadKey(workload));
  const stated = identities.find(({ name }) => name === wanted);
  if (stated) return { identity: stated, issues: [] };
  const [first] = identities;
  if (first && identities.every(({ federates }) => federates === first.federates)) {
    return { identity: first, issues: [] };
  }
  const asked = fromEvidence(workload, identities, context);
  return asked
    ? { identity: asked, issues: issuesIf({ DEFAULT_FROM_EVIDENCE: true }) }
    : { issues: issuesIf({ MULTI_IDENTITY_NO_DEFAULT: true }) };
}

/** What a person said about a workload; names of workloads are not to be mixed up with members of objects. */
export function named<T>(said: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(said, key) ? said[key] : undefined;
}

function fromEnvironment(
  identities: readonly UsedIdentity[],
  pinned: readonly string[],
): DefaultIdentity {
  const [clientId = '', ...others] = pinned;
  const identity = identities.find((one) => sameText(one.clientId, clientId));
  if (!identity || others.length > 0) return { issues: issuesIf({ ENV_CLIENT_ID_MISMATCH: true }) };
  return { identity, issues: issuesIf({ DEFAULT_FROM_ENV: identities.length > 1 }) };
}

/** The identity that every request of the workload's pods named; none where some request named nothing. */
function fromEvidence(
  { pods }: Workload,
  identities: readonly UsedIdentity[],
  { evidence }: ClusterContext,
): UsedIdentity | undefined {
  const { named: requests, unnamed } = requestsOf(evidence, pods);
  if (requests.length === 0 || unnamed > 0 || asksByResourceId(evidence, pods)) return undefined;
  return identities.find(({ key, declaredClientId }) =>
    requests.every(
      (request) => request.identity === key && isLoggedAs(request.clientId, declaredClientId),
    ),
  );
}

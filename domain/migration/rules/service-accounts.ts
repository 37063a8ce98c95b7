import { objectsIn, textIn } from '../json';
import { issuesIf } from '../codes';
import type { Issue, MigrationCode } from '../codes';
import type { AccountMigration } from '../document';
import { accountOf } from '../reading/cluster-context';
import type { ClusterContext } from '../reading/cluster-context';
import { grouped, inOrder, sameText, sortedBy } from '../reading/values';
import { clientIdAnnotation, useLabel } from '../words';
import { accountNames } from './account-names';
import { accountRights, lostRights } from './account-subjects';
import type { AccountRights } from './account-subjects';
import type { UsedIdentity } from './identity-rule';
import { toolIssues } from './tool-ownership';
import type { WorkloadDraft } from './workload-draft';

/** The account that a workload runs as when it is migrated. */
export interface AccountDecision {
  readonly draft: WorkloadDraft;
  readonly identity: UsedIdentity;
  readonly name: string;
  readonly moved: boolean;
  readonly action: AccountMigration['action'];
  readonly issues: readonly Issue[];
}

interface Claim {
  readonly draft: WorkloadDraft;
  readonly identity: UsedIdentity;
  readonly namespace: string;
  readonly current: string;
}

/** A claim with what is to become of it: to keep its account, or to get one of a name that begins so. */
interface Settled {
  readonly claim: Claim;
  readonly base?: string;
  readonly why?: MigrationCode;
}

/** R9: which account each workload runs as, so that accounts act for one identity each and stay few. */
export function decideAccounts(
  drafts: readonly WorkloadDraft[],
  context: ClusterContext,
): readonly AccountDecision[] {
  const claims = drafts.flatMap((draft) => {
    const { workload, identity } = draft;
    const { namespace, template } = workload;
    return identity ? [{ draft, identity, namespace, current: template.accountName }] : [];
  });
  const groups = grouped(claims, ({ namespace, current }) => `${namespace}/${current}`);
  const settled = [...groups.values()].flatMap((group) => settle(group, context));
  const kept = settled.filter(({ base }) => base === undefined);
  const nameOf = accountNames(
    context.state,
    kept.map(({ claim }) => [`${claim.namespace}/${claim.current}`, claim.identity.clientId]),
  );
  const moved = sortedBy(
    settled.filter(({ base }) => base !== undefined),
    ({ base = '', claim }) =>
      [claim.namespace, base, claim.identity.clientId.toLowerCase()].join('\0'),
  );
  const rights = accountRights(context.state);
  return [...kept, ...moved].map(({ claim, base, why }) => {
    const { namespace, current, identity } = claim;
    const wanted = base ?? current;
    const name =
      base === undefined
        ? current
        : nameOf({ namespace, base: wanted, clientId: identity.clientId });
    return decision(claim, { name, rights, ...(why && { why }) }, context);
  });
}

function decision(
  { draft, identity, namespace, current }: Claim,
  {
    name,
    rights,
    why,
  }: { readonly name: string; readonly rights: AccountRights; readonly why?: MigrationCode },
  { state }: ClusterContext,
): AccountDecision {
  const account = accountOf(state, namespace, name);
  const right = sameText(account?.annotations.get(clientIdAnnotation) ?? '', identity.clientId);
  const action = !account ? 'create' : right ? 'none' : 'annotate';
  const moved = name !== current;
  const lost = moved ? lostRights(rights, { namespace, from: current, to: name }) : [];
  return {
    draft,
    identity,
    name,
    moved,
    action,
    issues: [
      ...(why ? issuesIf({ [why]: true }) : []),
      ...issuesIf({ SA_HAS_RBAC: lost.length > 0 }),
      ...(action === 'annotate' ? toolIssues(account) : []),
    ],
  };
}

function settle(group: readonly Claim[], context: ClusterContext): readonly Settled[] {
  const [first] = group;
  if (!first) return [];
  const { namespace, current } = first;
  const annotated =
    accountOf(context.state, namespace, current)?.annotations.get(clientIdAnnotation) ?? '';
  if (current === 'default' && context.options.serviceAccountStrategy === 'auto') {
    return group.map((claim) => {
      const { identity, draft } = claim;
      const uses = draft.workload.template.labels.get(useLabel) === 'true';
      if (uses && sameText(annotated, identity.clientId)) return { claim };
      return { claim, base: `wi-${identity.name}`, why: 'SA_DEFAULT_REPLACED' };
    });
  }
  const keeper = annotated === '' ? mostUsed(group) : annotated;
  const foreign = !group.some(({ identity }) => sameText(identity.clientId, keeper));
  const why = foreign ? 'SA_CLIENT_ID_CONFLICT' : 'SA_SHARED_BY_IDENTITIES';
  return group.map((claim) =>
    sameText(claim.identity.clientId, keeper)
      ? { claim }
      : { claim, base: `${current}-${claim.identity.name}`, why },
  );
}

/** The client id that most workloads act as; of several the lowest. */
function mostUsed(group: readonly Claim[]): string {
  const users = [...grouped(group, ({ identity }) => identity.clientId.toLowerCase())];
  const [most] = users.sort(
    ([one, ofOne], [other, ofOther]) => ofOther.length - ofOne.length || inOrder(one, other),
  );
  return most?.[0] ?? '';
}

/** What happens to each account, sorted by namespace and name. */
export function accountMigrations(
  decisions: readonly AccountDecision[],
  { state }: ClusterContext,
): readonly AccountMigration[] {
  const accounts = grouped(decisions, ({ draft, name }) => `${draft.workload.namespace}/${name}`);
  const migrations = [...accounts.values()].flatMap((sharing) => {
    const [first] = sortedBy(sharing, ({ draft }) => draft.workload.template.accountName);
    if (!first) return [];
    const { name, action, identity, moved, draft } = first;
    const { namespace, template } = draft.workload;
    const copied = action === 'create' && moved;
    const secrets = copied
      ? pullSecrets(accountOf(state, namespace, template.accountName)?.body)
      : [];
    return [
      {
        namespace,
        name,
        action,
        clientId: identity.clientId,
        ...(copied && { copyFrom: template.accountName }),
        ...(secrets.length > 0 && { imagePullSecrets: secrets }),
      },
    ];
  });
  return sortedBy(migrations, ({ namespace, name }) => `${namespace}\0${name}`);
}

function pullSecrets(account: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return objectsIn(account['imagePullSecrets'])
    .map(({ name }) => textIn(name))
    .filter((name) => name !== '');
}

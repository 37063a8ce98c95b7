import { issuesIf, worstStatus } from '../codes';
import type { Issue } from '../codes';
import { objectAt, objectsIn, textIn } from '../json';
import { oneOf } from '../reading/kubernetes-objects';
import type { ClusterContext } from '../reading/cluster-context';
import { matchesOf } from '../reading/matching';
import type { Match } from '../reading/matching';
import { isTrueText } from '../reading/values';
import type { Workload } from '../reading/workloads';
import { defaultIdentity } from './default-identity';
import { usedIdentity } from './identity-rule';
import type { UsedIdentity } from './identity-rule';
import { ownerIssues } from './owner-rule';
import { rolloutIssues } from './rollout-rule';
import { tokenPath } from './token-path';
import type { TokenPath } from './token-path';
import { toolIssues } from './tool-ownership';

/** What can be said about a workload by itself, before accounts and credentials are shared out. */
export interface WorkloadDraft {
  readonly workload: Workload;
  readonly matches: readonly Match[];
  readonly identities: readonly UsedIdentity[];
  readonly identity?: UsedIdentity;
  readonly path: TokenPath;
  readonly issues: readonly Issue[];
}

export function draftWorkload(workload: Workload, context: ClusterContext): WorkloadDraft {
  const matches = matchesOf(workload, context.installed, context.podIdentity);
  const identities = matches.map(({ identity }) => usedIdentity(identity, context));
  const path = tokenPath(workload, identities, context);
  if (matches.length === 0) return { workload, matches, identities, path, issues: [] };
  const { identity, issues } = defaultIdentity(workload, identities, context);
  return {
    workload,
    matches,
    identities,
    ...(identity && { identity }),
    path,
    issues: [
      ...ownerIssues(workload),
      ...toolIssues(workload.root),
      ...rolloutIssues(workload),
      ...identities.flatMap((one) => one.issues),
      ...issues,
      ...path.issues,
      ...issuesIf({
        MULTI_IDENTITY: matches.length > 1,
        CSI_POD_IDENTITY: podIdentityClasses(workload, context).length > 0,
      }),
    ],
  };
}

/** Whether accounts and credentials are planned for a workload: it acts as somebody, and nothing forbids it. */
export function takesPart({ identity, issues }: WorkloadDraft): boolean {
  return identity !== undefined && worstStatus(issues) !== 'blocked';
}

/** Names of the SecretProviderClasses through which a workload's pods read secrets by pod identity. */
export function podIdentityClasses(
  { namespace, template }: Workload,
  { state }: Pick<ClusterContext, 'state'>,
): readonly string[] {
  const mounted = objectsIn(template.spec['volumes']).flatMap((volume) => {
    const { driver, volumeAttributes } = objectAt(volume, 'csi');
    const attributes = objectAt({ volumeAttributes }, 'volumeAttributes');
    const store = textIn(driver) === 'secrets-store.csi.k8s.io';
    return store ? [textIn(attributes['secretProviderClass'])] : [];
  });
  return mounted.filter((name) => {
    const found = oneOf(state, secretProviderClass, { namespace, name });
    return isTrueText(objectAt(found?.body ?? {}, 'spec', 'parameters')['usePodIdentity']);
  });
}

export const secretProviderClass = 'secrets-store.csi.x-k8s.io/SecretProviderClass';

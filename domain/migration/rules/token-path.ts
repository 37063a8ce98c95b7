import { issue, issuesIf } from '../codes';
import type { Issue } from '../codes';
import type { WorkloadAuth } from '../document';
import type { ClusterContext } from '../reading/cluster-context';
import { workloadKey } from '../reading/workloads';
import type { Workload } from '../reading/workloads';
import { sidecarAnnotation } from '../words';
import { named } from './default-identity';
import type { UsedIdentity } from './identity-rule';
import { isExcludedNamespace, sidecarBlockers } from './sidecar-blockers';
import { sidecarSetting } from './sidecar-notes';
import type { SidecarSetting } from './sidecar-notes';

export type AuthMode = ClusterContext['options']['authModeDefault'];

export interface TokenPath {
  readonly declared: AuthMode;
  readonly auth: WorkloadAuth;
  readonly sidecar?: SidecarSetting;
  readonly issues: readonly Issue[];
}

/** R7 and R8: how a workload's pods will get tokens. */
export function tokenPath(
  workload: Workload,
  identities: readonly UsedIdentity[],
  context: ClusterContext,
): TokenPath {
  const declared = declaredMode(workload, context);
  if (declared === 'sdk') return withSdk(workload, context);
  const blockers = sidecarBlockers(workload, identities, context);
  if (blockers.length > 0) {
    const issues =
      declared === 'imds' ? blockers.map(({ code }) => issue(code, 'blocked')) : blockers;
    return { declared, auth: 'none', issues };
  }
  const sidecar = sidecarSetting(workload, context);
  return { declared, auth: 'sidecar', sidecar, issues: [...sidecar.issues, ...presence(workload)] };
}

function withSdk(workload: Workload, { state }: ClusterContext): TokenPath {
  const excluded = isExcludedNamespace(state, workload.namespace);
  return {
    declared: 'sdk',
    auth: excluded ? 'static' : 'direct',
    issues: [
      ...(excluded ? [issue('ADMISSION_EXCLUDED_NAMESPACE', 'ready')] : []),
      ...presence(workload),
    ],
  };
}

/** The webhook looks whether the annotation is there, and not at what it says. */
function presence({ template }: Workload): readonly Issue[] {
  const value = template.annotations.get(sidecarAnnotation);
  return issuesIf({ SIDECAR_ANNOTATION_PRESENCE: value !== undefined && value !== 'true' });
}

const modes: readonly string[] = ['auto', 'sdk', 'imds'] satisfies AuthMode[];

/** What a person said, then what the workload says, then what is said of all. */
function declaredMode(
  workload: Workload,
  { options: { authMode, authModeDefault } }: ClusterContext,
): AuthMode {
  const said = named(authMode, workloadKey(workload));
  if (said !== undefined) return said;
  const { annotations } = workload.root ?? workload.source;
  const noted = annotations.get('steward.dev/auth-mode') ?? '';
  return modes.includes(noted) ? (noted as AuthMode) : authModeDefault;
}

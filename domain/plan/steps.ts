import type { ControlPlaneIdentity, DesiredIdentity } from '../cluster';
import { armName } from '../ids';
import type { PodIdentityEdit } from '../pod-identity/edits';
import { editWarnings, editsLabel, enablingWarnings } from '../pod-identity/effects';
import { identityName } from '../roles/requirement';
import type { PrincipalKey, RoleRequirement } from '../roles/requirement';

/** One change, described so that it can be shown, approved, counted and skipped before it is made. */
export type Step =
  | { readonly kind: 'registerFeature'; readonly subscriptionId: string; readonly feature: string }
  | {
      readonly kind: 'retirePodIdentity';
      /** Entries that go with the add-on: `namespace/name`, each with an identity that is gone. */
      readonly deadEntries: readonly string[];
      /** Those that go although their identities exist: whoever asked for it named them. */
      readonly liveEntries?: readonly string[];
    }
  | {
      readonly kind: 'enablePodIdentity';
      /** Last day on which somebody accepts that it is unsupported. */
      readonly until: string;
      readonly kubenet: boolean;
      /** Exceptions that come with it. */
      readonly edits: readonly PodIdentityEdit[];
    }
  | { readonly kind: 'changePodIdentities'; readonly edits: readonly PodIdentityEdit[] }
  | {
      readonly kind: 'grantDemoRole';
      /** The identity of an application, and its object id. */
      readonly resourceId: string;
      readonly principalId: string;
      readonly role: RoleRequirement;
    }
  | { readonly kind: 'createResourceGroup'; readonly resourceId: string; readonly location: string }
  | {
      readonly kind: 'createIdentity';
      readonly principal: 'controlPlane' | 'kubelet';
      readonly resourceId: string;
      readonly location: string;
    }
  | {
      readonly kind: 'assignRoles';
      readonly principal: PrincipalKey;
      readonly roles: readonly RoleRequirement[];
    }
  | {
      readonly kind: 'enableManagedIdentity';
      readonly from: ControlPlaneIdentity['kind'];
      readonly identity: DesiredIdentity;
      /** Assigned while Azure works on the switch: before it there is nobody to assign them to. */
      readonly roles: readonly RoleRequirement[];
      /** Given to the successor by steps of their own; kept in mind, so that a later run can make up for them. */
      readonly passesOn?: readonly RoleRequirement[];
      readonly leaves?: LeftRights;
    }
  | {
      readonly kind: 'adoptKubeletIdentity';
      readonly resourceId: string;
      readonly passesOn?: readonly RoleRequirement[];
      readonly leaves?: LeftRights;
      /** Azure re-images all of them. */
      readonly pools: readonly { readonly name: string; readonly nodes: number }[];
    }
  | { readonly kind: 'rollNodeImages'; readonly pools: readonly PoolRoll[] }
  | { readonly kind: 'removeRoles'; readonly assignments: readonly RemovedAssignment[] }
  | {
      readonly kind: 'createCluster';
      readonly resourceId: string;
      readonly body: ClusterBody;
      /** It comes with the pod-identity add-on, which somebody accepts until that day. */
      readonly podIdentity?: Omit<Extract<Step, { kind: 'enablePodIdentity' }>, 'kind'>;
    }
  | {
      readonly kind: 'unregisterFeature';
      readonly subscriptionId: string;
      readonly feature: string;
    };

/**
 * Rights of the principal that is replaced which its successor does not get: each with the role's name, or its GUID;
 * `unread` where they could not be seen. Whether something needs them, a person has to know.
 */
export type LeftRights = readonly { readonly role: string; readonly scope: string }[] | 'unread';

/** The body of a cluster that is to be created, as ARM takes it. */
export type ClusterBody = Readonly<Record<string, unknown>>;

export interface PoolRoll {
  readonly name: string;
  /** `identity`: nodes predate the switch; `image`: a newer image is on offer. */
  readonly reason: 'identity' | 'image' | 'identity and image';
  readonly from: string;
  readonly to: string;
  readonly nodes: number;
}

/** An assignment that a plan takes away, with what it says, so that nothing else can take its place. */
export interface RemovedAssignment {
  readonly id: string;
  readonly principalId: string;
  /** GUID of the role. */
  readonly role: string;
  readonly scope: string;
  readonly why: string;
  /** The cluster does not act as the principal any more. */
  readonly former: boolean;
}

export type StepKind = Step['kind'];

/** What a step does to the people and workloads around it. */
export interface SideEffects {
  readonly title: string;
  readonly disruption: 'none' | 'node-reimage' | 'control-plane';
  readonly reversible: boolean;
  /** How to go back, or why there is no way back. */
  readonly rollback: string;
  readonly minutes: number;
  /** What it does to others, or leaves open. */
  readonly warnings?: readonly string[];
}

type Effects = {
  readonly [K in StepKind]: (step: Extract<Step, { kind: K }>) => SideEffects;
};

const harmless = { disruption: 'none', reversible: true } as const;

const effects: Effects = {
  registerFeature: ({ feature }) => ({
    ...harmless,
    title: `Register ${feature}`,
    rollback: 'Unregister the flag; what was built with it stays.',
    minutes: 15,
  }),
  unregisterFeature: ({ feature }) => ({
    ...harmless,
    title: `Unregister ${feature} if no cluster of the subscription uses it any more`,
    rollback: 'Register the flag again.',
    minutes: 15,
  }),
  retirePodIdentity: ({ deadEntries, liveEntries = [] }) => ({
    title: `Turn the pod-identity add-on off${named(deadEntries)}${alsoNamed(liveEntries)}`,
    disruption: 'control-plane',
    reversible: true,
    rollback: 'Register the flag, turn the add-on on and add the entries again.',
    minutes: 5,
  }),
  enablePodIdentity: ({ until, kubenet, edits }) => ({
    title: `Turn the pod-identity add-on on, accepted until ${until}${edits.length === 0 ? '' : `; ${editsLabel(edits)}`}`,
    disruption: 'control-plane',
    reversible: true,
    rollback: 'Turn the add-on off.',
    minutes: 6,
    warnings: enablingWarnings(kubenet, edits.length),
  }),
  changePodIdentities: ({ edits }) => ({
    title: `Change pod identities: ${editsLabel(edits)}`,
    disruption: 'control-plane',
    reversible: true,
    rollback: 'Write the entries again that the record of the run holds.',
    minutes: 6,
    warnings: editWarnings(edits),
  }),
  grantDemoRole: ({ resourceId, role }) => ({
    ...harmless,
    title: `Assign ${role.role} on the node resource group to ${armName(resourceId)}`,
    rollback: 'Delete the assignment; its name is derived from scope, principal and role.',
    minutes: 1,
    warnings: ['Whoever gets tokens of the identity may then change the nodes of the cluster.'],
  }),
  createResourceGroup: ({ resourceId }) => ({
    ...harmless,
    title: `Create the resource group ${armName(resourceId)}`,
    rollback: 'Delete the group while it is empty.',
    minutes: 1,
  }),
  createIdentity: ({ resourceId }) => ({
    ...harmless,
    title: `Create the identity ${armName(resourceId)}`,
    rollback: 'Delete the identity while no cluster uses it.',
    minutes: 1,
  }),
  assignRoles: ({ principal, roles }) => ({
    ...harmless,
    title: `Assign ${count(roles.length, 'role')} to the ${identityName(principal)} identity`,
    rollback: 'Delete the assignments; their names are derived from scope, principal and role.',
    minutes: 11,
  }),
  enableManagedIdentity: (step) => ({
    title: `Switch from ${sourceOf(step.from)} to a ${nameOf(step.identity)} identity${during(step.roles)}${without(step.leaves)}`,
    disruption: 'control-plane',
    reversible: step.from !== 'servicePrincipal',
    rollback:
      step.from === 'servicePrincipal'
        ? 'None: AKS does not go back to a service principal.'
        : 'Switch back to the identity that the record of the run names, while its roles are kept.',
    minutes: 6,
  }),
  adoptKubeletIdentity: ({ resourceId, pools, leaves }) => ({
    title: `Give the nodes the identity ${armName(resourceId)}; Azure re-images ${count(pools.length, 'node pool')}${without(leaves)}`,
    disruption: 'node-reimage',
    reversible: true,
    rollback: 'Give the nodes their earlier identity, which re-images all of them again.',
    minutes: pools.reduce((sum, { nodes }) => sum + reimageMinutes(nodes), 0),
  }),
  rollNodeImages: ({ pools }) => ({
    title: `Re-image ${count(pools.length, 'node pool')}, one after the other`,
    disruption: 'node-reimage',
    reversible: false,
    rollback: 'None: nodes are replaced; stopping between pools leaves the rest as they are.',
    minutes: pools.reduce((sum, { nodes }) => sum + reimageMinutes(nodes), 0),
  }),
  removeRoles: ({ assignments }) => ({
    title: `Remove ${count(assignments.length, 'role assignment')}`,
    disruption: 'none',
    reversible: true,
    rollback: 'Make the assignments again; the record of the run holds what they said.',
    minutes: 1,
  }),
  createCluster: ({ resourceId, podIdentity }) => ({
    ...harmless,
    title: `Create the cluster ${armName(resourceId)}`,
    rollback: 'Delete the cluster; nothing runs on it yet.',
    minutes: 8,
    ...(podIdentity && {
      warnings: enablingWarnings(podIdentity.kubenet, podIdentity.edits.length),
    }),
  }),
};

/** The side effects of a step, for the plan that a person approves. */
export function sideEffects(step: Step): SideEffects {
  return (effects[step.kind] as (step: Step) => SideEffects)(step);
}

/** Five minutes to begin, then each node is drained and imaged. */
function reimageMinutes(nodes: number): number {
  return 5 + 4 * nodes;
}

function sourceOf(kind: ControlPlaneIdentity['kind']): string {
  if (kind === 'servicePrincipal') return 'the service principal';
  return kind === 'userAssigned'
    ? 'another user-assigned identity'
    : 'the system-assigned identity';
}

function nameOf({ kind }: DesiredIdentity): string {
  return kind === 'userAssigned' ? 'user-assigned' : 'system-assigned';
}

function during(roles: readonly RoleRequirement[]): string {
  return roles.length === 0 ? '' : `, and assign its ${count(roles.length, 'role')} at once`;
}

function without(leaves: LeftRights | undefined): string {
  if (leaves === undefined) return '';
  return leaves === 'unread'
    ? '; what other rights its predecessor has could not be read'
    : `; ${count(leaves.length, 'other right')} of its predecessor will not be its own`;
}

function named(entries: readonly string[]): string {
  return entries.length === 0 ? '' : ` with its dead ${plural(entries.length, 'entry', 'entries')}`;
}

function alsoNamed(entries: readonly string[]): string {
  return entries.length === 0
    ? ''
    : ` with ${entries.length} ${plural(entries.length, 'entry whose identity exists', 'entries whose identities exist')}`;
}

function count(n: number, noun: string): string {
  return `${n} ${plural(n, noun, `${noun}s`)}`;
}

function plural(n: number, one: string, many: string): string {
  return n === 1 ? one : many;
}

import type { DesiredIdentity } from './cluster';
import { armName } from './ids';
import type { RoleRequirement } from './roles';

/** One change, described so that it can be shown, approved, counted and skipped before it is made. */
export type Step =
  | { readonly kind: 'registerFeature'; readonly subscriptionId: string; readonly feature: string }
  | {
      readonly kind: 'retirePodIdentity';
      /** Entries that go with the add-on: `namespace/name`, each with an identity that is gone. */
      readonly deadEntries: readonly string[];
    }
  | { readonly kind: 'createIdentity'; readonly resourceId: string; readonly location: string }
  | {
      readonly kind: 'assignRoles';
      readonly principal: 'controlPlane' | 'kubelet';
      readonly roles: readonly RoleRequirement[];
    }
  | { readonly kind: 'enableManagedIdentity'; readonly identity: DesiredIdentity }
  | { readonly kind: 'rollNodeImages'; readonly pools: readonly PoolRoll[] }
  | {
      readonly kind: 'unregisterFeature';
      readonly subscriptionId: string;
      readonly feature: string;
    };

export interface PoolRoll {
  readonly name: string;
  /** `identity`: nodes predate the switch; `image`: a newer image is on offer. */
  readonly reason: 'identity' | 'image' | 'identity and image';
  readonly from: string;
  readonly to: string;
  readonly nodes: number;
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
}

type Effects = {
  readonly [K in StepKind]: (step: Extract<Step, { kind: K }>) => SideEffects;
};

const effects: Effects = {
  registerFeature: ({ feature }) => ({
    title: `Register ${feature}`,
    disruption: 'none',
    reversible: true,
    rollback: 'Unregister the flag; what was built with it stays.',
    minutes: 15,
  }),
  unregisterFeature: ({ feature }) => ({
    title: `Unregister ${feature} if no cluster of the subscription uses it any more`,
    disruption: 'none',
    reversible: true,
    rollback: 'Register the flag again.',
    minutes: 15,
  }),
  retirePodIdentity: ({ deadEntries }) => ({
    title: `Turn the pod-identity add-on off${named(deadEntries)}`,
    disruption: 'control-plane',
    reversible: true,
    rollback: 'Register the flag, turn the add-on on and add the entries again.',
    minutes: 5,
  }),
  createIdentity: ({ resourceId }) => ({
    title: `Create the identity ${armName(resourceId)}`,
    disruption: 'none',
    reversible: true,
    rollback: 'Delete the identity while no cluster uses it.',
    minutes: 1,
  }),
  assignRoles: ({ principal, roles }) => ({
    title: `Assign ${count(roles.length, 'role')} to the ${principal === 'kubelet' ? 'kubelet' : 'control-plane'} identity`,
    disruption: 'none',
    reversible: true,
    rollback: 'Delete the assignments; their names are derived from scope, principal and role.',
    minutes: 11,
  }),
  enableManagedIdentity: ({ identity }) => ({
    title: `Switch from the service principal to a ${identity.kind === 'userAssigned' ? 'user-assigned' : 'system-assigned'} identity`,
    disruption: 'control-plane',
    reversible: false,
    rollback: 'None: AKS does not go back to a service principal.',
    minutes: 6,
  }),
  rollNodeImages: ({ pools }) => ({
    title: `Re-image ${count(pools.length, 'node pool')}, one after the other`,
    disruption: 'node-reimage',
    reversible: false,
    rollback: 'None: nodes are replaced; stopping between pools leaves the rest as they are.',
    minutes: pools.reduce((sum, pool) => sum + 5 + 4 * pool.nodes, 0),
  }),
};

/** The side effects of a step, for the plan that a person approves. */
export function sideEffects(step: Step): SideEffects {
  return (effects[step.kind] as (step: Step) => SideEffects)(step);
}

function named(entries: readonly string[]): string {
  return entries.length === 0 ? '' : ` with its dead ${plural(entries.length, 'entry', 'entries')}`;
}

function count(n: number, noun: string): string {
  return `${n} ${plural(n, noun, `${noun}s`)}`;
}

function plural(n: number, one: string, many: string): string {
  return n === 1 ? one : many;
}

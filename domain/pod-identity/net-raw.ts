import { canonicalArmId } from '../ids';

/**
 * Reads one path of a cluster's API server.
 *
 * @returns the JSON, or `absent` for what the server does not have.
 * @throws FailureError when the server cannot be reached or refuses.
 */
export type KubernetesReader = (clusterId: string, path: string) => Promise<unknown>;

export const absent = 'absent';

/** "Kubernetes cluster containers should only use allowed capabilities", version 5. */
export const capabilitiesPolicy = 'c26596ff-4d70-4e6a-9a30-c2506bd2f80c';

/** A policy assignment of that definition, at the cluster or above it, as far as it decides. */
export interface CapabilityAssignment {
  readonly id: string;
  readonly enforced: boolean;
  /** Scopes that the assignment leaves out. */
  readonly notScopes: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** It is exempted, overridden or narrowed by selectors: what it does here is not certain. */
  readonly weakened: boolean;
}

/** A Gatekeeper constraint of kind `K8sPSPCapabilities`: its `spec`. */
export interface CapabilityConstraint {
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What was read about whether pods can forge packets. */
export interface MitigationReading {
  /** The add-on that carries policies into the cluster is on, or will be. */
  readonly policyAddOn: boolean;
  readonly assignments: readonly CapabilityAssignment[];
  /** Why the cluster could not be asked; empty when it could. */
  readonly unreadable: string;
  readonly template: boolean;
  readonly constraints: readonly CapabilityConstraint[];
}

export interface Mitigation {
  /** The assignment or constraint that takes NET_RAW away; empty for none. */
  readonly by: string;
  /** What is missing, one reason for each way. */
  readonly missing: readonly string[];
}

/**
 * Whether something keeps pods from using NET_RAW, with which a pod under kubenet takes another one's address.
 * An assignment that audits, or that holds for a part of the pods only, mitigates nothing. Pure.
 */
export function netRawMitigation(clusterId: string, reading: MitigationReading): Mitigation {
  const policies = reading.assignments.map((one) => ({
    by: one.id,
    lacks: lacksOfAssignment(clusterId, one),
  }));
  const constraints = reading.constraints.map((one) => ({
    by: `constraint ${one.name}`,
    lacks: lacksOfConstraint(one),
  }));
  const policy = policies.find(({ lacks }) => lacks.length === 0);
  if (policy && reading.policyAddOn) return { by: policy.by, missing: [] };
  const constraint = constraints.find(({ lacks }) => lacks.length === 0);
  if (constraint && reading.template) return { by: constraint.by, missing: [] };
  return {
    by: '',
    missing: [...ofPolicy(reading, policies), ...ofGatekeeper(reading, constraints)],
  };
}

type Weighed = readonly { readonly by: string; readonly lacks: readonly string[] }[];

function ofPolicy({ policyAddOn }: MitigationReading, found: Weighed): readonly string[] {
  const addOn = policyAddOn ? [] : ['the Azure Policy add-on of the cluster is off'];
  if (found.length === 0) {
    return [...addOn, `no assignment of policy ${capabilitiesPolicy} at the cluster or above it`];
  }
  return [
    ...addOn,
    ...found
      .filter(({ lacks }) => lacks.length > 0)
      .map(({ by, lacks }) => `policy assignment ${by} ${lacks.join(' and ')}`),
  ];
}

function ofGatekeeper(
  { unreadable, template }: MitigationReading,
  found: Weighed,
): readonly string[] {
  if (unreadable !== '') return [`the cluster could not be asked for constraints: ${unreadable}`];
  if (!template) return ['no ConstraintTemplate K8sPSPCapabilities in the cluster'];
  if (found.length === 0) return ['no constraint of kind K8sPSPCapabilities in the cluster'];
  return found.map(({ by, lacks }) => `${by} ${lacks.join(' and ')}`);
}

function lacksOfAssignment(
  clusterId: string,
  { enforced, notScopes, parameters, weakened }: CapabilityAssignment,
): readonly string[] {
  const at = `${canonicalArmId(clusterId)}/`;
  const leftOut = notScopes.some((scope) => at.startsWith(`${canonicalArmId(scope)}/`));
  const effect = parameters['effect'];
  return [
    ...lacking(enforced, 'is not enforced'),
    ...lacking(!leftOut, 'leaves the cluster out'),
    ...lacking(!weakened, 'has an exemption, an override or a selector'),
    ...lacking(typeof effect === 'string' && effect.toLowerCase() === 'deny', 'has no effect Deny'),
    ...lacking(dropsNetRaw(parameters), 'does not require NET_RAW to be dropped'),
    ...lacking(holdsForAllPods(parameters), 'holds for a part of the pods only'),
  ];
}

function lacksOfConstraint({ spec }: CapabilityConstraint): readonly string[] {
  const action = spec['enforcementAction'] ?? 'deny';
  const match = objectOf(spec['match']);
  return [
    ...lacking(action === 'deny', 'has no enforcementAction deny'),
    ...lacking(dropsNetRaw(objectOf(spec['parameters'])), 'does not require NET_RAW to be dropped'),
    ...lacking(
      matchesPods(match) && holdsForAllPods(match) && holdsForAllPods(objectOf(spec['parameters'])),
      'holds for a part of the pods only',
    ),
  ];
}

function lacking(holds: boolean, what: string): readonly string[] {
  return holds ? [] : [what];
}

function dropsNetRaw(parameters: Readonly<Record<string, unknown>>): boolean {
  const dropped = textsOf(parameters['requiredDropCapabilities']).map((one) => one.toUpperCase());
  return dropped.includes('NET_RAW') || dropped.includes('ALL');
}

const nothing = ['namespaces', 'labelSelector', 'namespaceSelector', 'name'] as const;

/** Namespaces may be left out by name, but not by a pattern that takes all; and nothing else may narrow it. */
function holdsForAllPods(match: Readonly<Record<string, unknown>>): boolean {
  const excluded = ['excludedNamespaces', 'excludedContainers', 'excludedImages', 'exemptImages'];
  const everything = excluded.some((key) =>
    textsOf(match[key]).some((pattern) => /^\*+$/.test(pattern.trim())),
  );
  const narrowed = match['scope'] === 'Cluster' || match['source'] === 'Generated';
  return !everything && !narrowed && nothing.every((key) => isEmpty(match[key]));
}

function matchesPods(match: Readonly<Record<string, unknown>>): boolean {
  const kinds = match['kinds'];
  if (kinds === undefined) return true;
  return (
    Array.isArray(kinds) &&
    kinds.some((one) => {
      const { apiGroups, kinds: names } = objectOf(one);
      const ofPods = textsOf(names).some((name) => name === 'Pod' || name === '*');
      return ofPods && textsOf(apiGroups).some((group) => group === '' || group === '*');
    })
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

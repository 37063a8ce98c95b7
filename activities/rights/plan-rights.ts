import { toClusterFacts } from '../../domain/arm/cluster-facts';
import type { ClusterFacts } from '../../domain/cluster';
import { armName, clusterIdParts } from '../../domain/ids';
import type { ClusterId } from '../../domain/ids';
import type { Step, StepKind } from '../../domain/plan/steps';
import { optionalReads } from '../../domain/role-parts';
import type { RightsAt } from '../../domain/rights';
import { adoptKubeletIdentity } from '../adopt-kubelet-identity';
import { assignRole } from '../assign-role';
import { createCluster } from '../create-cluster';
import { createIdentity } from '../create-identity';
import { createResourceGroup } from '../create-resource-group';
import { disablePodIdentity } from '../disable-pod-identity';
import {
  readFeature,
  readProvider,
  registerProvider,
  requestFeature,
  withdrawFeature,
} from '../feature-registration';
import { pollOperation } from '../poll-operation';
import { readPool } from '../read-pool';
import { removeRole } from '../remove-role';
import { startNodeImageRoll } from '../start-node-image-roll';
import { switchIdentity } from '../switch-identity';
import { takeSnapshot } from '../take-snapshot';
import { writePodIdentity } from '../write-pod-identity';
import { placed, written } from './placed';

/** A cluster that exists has been read; a new one is read when it is there. */
const verifyingReads = takeSnapshot.needs.filter((action) => !(action in optionalReads));

/** What a step asks for, with the cluster as it is by then. */
type RightsOf = {
  readonly [K in StepKind]: (
    step: Extract<Step, { kind: K }>,
    facts: ClusterFacts,
  ) => readonly RightsAt[];
};

const rightsOf: RightsOf = {
  registerFeature: (_step, facts) =>
    placed(facts, requestFeature, readFeature, registerProvider, readProvider),
  unregisterFeature: (_step, facts) =>
    placed(facts, withdrawFeature, readFeature, registerProvider),
  retirePodIdentity: (_step, facts) => written(facts, disablePodIdentity, pollOperation),
  enablePodIdentity: (_step, facts) => written(facts, writePodIdentity, pollOperation),
  changePodIdentities: (_step, facts) => written(facts, writePodIdentity, pollOperation),
  grantDemoRole: ({ role }) => [assigning(role)],
  createResourceGroup: (_step, facts) => placed(facts, createResourceGroup),
  createIdentity: ({ resourceId }) => [{ scope: resourceId, actions: createIdentity.needs }],
  assignRoles: ({ roles }) => roles.map(assigning),
  enableManagedIdentity: (step, facts) => [
    ...written(afterwards(step, facts), switchIdentity, pollOperation),
    ...step.roles.map(assigning),
  ],
  adoptKubeletIdentity: (step, facts) =>
    written(afterwards(step, facts), adoptKubeletIdentity, pollOperation),
  rollNodeImages: (_step, facts) => placed(facts, startNodeImageRoll, pollOperation, readPool),
  removeRoles: ({ assignments }, facts) => [
    ...placed(facts, { needs: removeRole.needs.filter((action) => !isAboutRoles(action)) }),
    ...assignments.map(({ scope }) => ({ scope, actions: removeRole.needs.filter(isAboutRoles) })),
  ],
  createCluster: (_step, facts) =>
    written(facts, createCluster, pollOperation, { needs: verifyingReads }),
};

/** What carrying out the steps asks for; reads that the plan was made from have been made. */
export function rightsOfSteps(steps: readonly Step[], cluster: ClusterFacts): readonly RightsAt[] {
  const all: RightsAt[] = [];
  let facts = cluster;
  for (const step of steps) {
    const rights = rightsOf[step.kind] as (step: Step, facts: ClusterFacts) => readonly RightsAt[];
    all.push(...rights(step, facts));
    facts = afterwards(step, facts);
  }
  return all;
}

/** A cluster that does not exist yet, as far as the steps that make it tell. */
export function plannedCluster(
  clusterId: ClusterId,
  armId: string,
  steps: readonly Step[],
): ClusterFacts {
  const creation = steps.find((step) => step.kind === 'createCluster');
  const { resourceGroup, name } = clusterIdParts(clusterId);
  const facts = toClusterFacts({ ...creation?.body, id: armId, name: armName(armId) });
  // AKS names the group so when nobody else does.
  const nodeGroup = `MC_${resourceGroup}_${name}_${facts.location}`;
  return { ...facts, nodeResourceGroup: facts.nodeResourceGroup || nodeGroup };
}

/** The identities that the cluster has after a step: those are the ones that Azure checks. */
function afterwards(step: Step, facts: ClusterFacts): ClusterFacts {
  if (step.kind === 'adoptKubeletIdentity') {
    return { ...facts, kubelet: { resourceId: step.resourceId, objectId: '' } };
  }
  if (step.kind !== 'enableManagedIdentity') return facts;
  const { identity } = step;
  const userAssigned = identity.kind === 'userAssigned' ? [identity.resourceId] : [];
  return { ...facts, shown: { ...facts.shown, userAssigned } };
}

function assigning({ scope }: { readonly scope: string }): RightsAt {
  return { scope, actions: assignRole.needs };
}

function isAboutRoles(action: string): boolean {
  return action.includes('/roleAssignments/');
}

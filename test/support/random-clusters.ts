import fc from 'fast-check';

import { podIdentityFeature } from '../../domain/policy';
import type { Policy } from '../../domain/policy';
import type { ClusterSnapshot } from '../../domain/snapshot';
import {
  aCluster,
  aPolicy,
  aPool,
  anAssignment,
  anOldCluster,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  newImage,
  nodeSubnet,
  oldImage,
  ofNodeGroup,
  podIdentityWith,
  registry,
} from './clusters';

export const previewFlag = 'Microsoft.ContainerService/WindowsAnnualPreview';

const pools = fc.uniqueArray(
  fc
    .record({
      name: fc.constantFrom('system', 'apps', 'gpu', 'win'),
      stopped: fc.boolean(),
      count: fc.nat(5),
      imageVersion: fc.constantFrom(oldImage, newImage),
    })
    .map(({ name, ...rest }) => aPool(name, rest)),
  { minLength: 1, selector: ({ name }) => name },
);

const states = fc.record({
  addOn: fc.constantFrom('Registered', 'NotRegistered', 'Unavailable'),
  preview: fc.constantFrom('Registered', 'NotRegistered'),
});

const target = fc.option(
  fc.constant({ resourceId: controlPlaneId, principalId: controlPlanePrincipal }),
  { nil: undefined },
);

/** Clusters in every state of disorder that Steward can repair. */
export const cluster: fc.Arbitrary<ClusterSnapshot> = fc
  .record({
    base: fc.constantFrom(aCluster, anOldCluster),
    nodePools: pools,
    dead: fc.subarray(['id-a', 'id-b']),
    addOn: fc.boolean(),
    states,
    otherUsers: fc.nat(1),
    podSubnet: fc.boolean(),
    assigned: fc.boolean(),
    target,
    before: fc.subarray(['system', 'apps', 'gpu', 'win']),
  })
  .map(({ base, nodePools, dead, target: targetIdentity, ...chance }) => {
    // Only an identity that exists can hold a role.
    const assigned = chance.assigned && (base === aCluster || targetIdentity !== undefined);
    const snapshot = base({
      nodePools,
      features: {
        [podIdentityFeature]: {
          state: chance.states.addOn,
          usedBy: chance.addOn ? 1 : chance.otherUsers,
        },
        [previewFlag]: { state: chance.states.preview, usedBy: 0 },
      },
      latestImages: Object.fromEntries(nodePools.map(({ name }) => [name, newImage])),
      missingIdentities: dead.map(identityId),
      assignments: [ofNodeGroup(), ...(assigned ? [anAssignment('Network Contributor')] : [])],
      ...(chance.addOn && { podIdentity: podIdentityWith(...dead) }),
      ...(targetIdentity && { targetIdentity }),
    });
    const before = nodePools.map(({ name }) => name).filter((pool) => chance.before.includes(pool));
    const poolsBeforeSwitch = snapshot.controlPlane.kind === 'servicePrincipal' ? [] : before;
    const withPods = chance.podSubnet ? { podSubnet: `${nodeSubnet}-pods` } : {};
    const pools = snapshot.nodePools.map((pool) => ({ ...pool, ...withPods }));
    return { ...snapshot, poolsBeforeSwitch, nodePools: pools };
  });

export const policy: fc.Arbitrary<Policy> = fc
  .record({
    controlPlane: fc.constantFrom('any', 'userAssigned', 'systemAssigned'),
    registries: fc.subarray([registry]),
    required: fc.subarray([previewFlag]),
  })
  .map(({ controlPlane, registries, required }) =>
    aPolicy({ identity: { controlPlane }, roles: { registries }, features: { required } }),
  );

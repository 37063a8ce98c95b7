import { sideEffects } from '../../../domain/plan/steps';
import type { PoolRoll, Step } from '../../../domain/plan/steps';
import { aRequirement, controlPlaneId, subscriptionId } from '../../support/clusters';

const feature = 'Microsoft.ContainerService/EnablePodIdentityPreview';
const requirement = aRequirement();
const from = 'servicePrincipal' as const;

function aRoll(nodes: number): PoolRoll {
  return { name: 'apps', reason: 'image', from: 'a', to: 'b', nodes };
}

const steps: readonly (readonly [Step, string])[] = [
  [{ kind: 'registerFeature', subscriptionId, feature }, `Register ${feature}`],
  [
    { kind: 'unregisterFeature', subscriptionId, feature },
    `Unregister ${feature} if no cluster of the subscription uses it any more`,
  ],
  [{ kind: 'retirePodIdentity', deadEntries: [] }, 'Turn the pod-identity add-on off'],
  [
    { kind: 'retirePodIdentity', deadEntries: ['a/b'] },
    'Turn the pod-identity add-on off with its dead entry',
  ],
  [
    { kind: 'retirePodIdentity', deadEntries: ['a/b', 'a/c'] },
    'Turn the pod-identity add-on off with its dead entries',
  ],
  [
    {
      kind: 'createIdentity',
      principal: 'controlPlane',
      resourceId: controlPlaneId,
      location: 'westeurope',
    },
    'Create the identity id-aks-orders-cp',
  ],
  [
    { kind: 'assignRoles', principal: 'controlPlane', roles: [requirement] },
    'Assign 1 role to the control-plane identity',
  ],
  [
    { kind: 'assignRoles', principal: 'kubelet', roles: [requirement, requirement] },
    'Assign 2 roles to the kubelet identity',
  ],
  [
    { kind: 'enableManagedIdentity', from, identity: { kind: 'systemAssigned' }, roles: [] },
    'Switch from the service principal to a system-assigned identity',
  ],
  [
    {
      kind: 'enableManagedIdentity',
      from,
      roles: [],
      identity: { kind: 'userAssigned', resourceId: controlPlaneId },
    },
    'Switch from the service principal to a user-assigned identity',
  ],
  [
    { kind: 'rollNodeImages', pools: [aRoll(1), aRoll(2)] },
    'Re-image 2 node pools, one after the other',
  ],
];

describe('sideEffects', () => {
  it.each(steps.map(([step, title]) => [title, step] as const))('says: %s', (title, step) => {
    expect(sideEffects(step).title).toBe(title);
  });

  it('names the two steps that nobody can undo', () => {
    const irreversible = steps
      .map(([step]) => step)
      .filter((step) => !sideEffects(step).reversible)
      .map(({ kind }) => kind);

    expect(new Set(irreversible)).toEqual(new Set(['enableManagedIdentity', 'rollNodeImages']));
  });

  it('says how to go back, or that there is no way, for every step', () => {
    for (const [step] of steps) {
      const { reversible, rollback } = sideEffects(step);

      expect(rollback.startsWith('None: ')).toBe(!reversible);
    }
  });

  it('disturbs workloads only where nodes are replaced', () => {
    const disturbing = steps.filter(([step]) => sideEffects(step).disruption === 'node-reimage');

    expect(disturbing.map(([{ kind }]) => kind)).toEqual(['rollNodeImages']);
  });

  it('takes longer with every node', () => {
    const minutes = [0, 1, 10].map(
      (nodes) => sideEffects({ kind: 'rollNodeImages', pools: [aRoll(nodes)] }).minutes,
    );

    expect(minutes).toEqual([5, 9, 45]);
  });
});

import { FailureError } from '../../domain/outcome';
import { adoptKubelet } from '../../orchestrations/adopt-kubelet';
import { createManagedCluster } from '../../orchestrations/create-managed-cluster';
import { enableManagedIdentity } from '../../orchestrations/enable-managed-identity';
import { removeRoles } from '../../orchestrations/remove-roles';
import {
  aCluster,
  aRequirement,
  armId,
  clusterId,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  servicePrincipal,
} from '../support/clusters';
import { runOrchestration } from '../support/run-orchestration';
import { running } from '../support/scripted-azure';

const done = { status: 'succeeded' } as const;
const switching = {
  clusterId,
  identity: { kind: 'userAssigned', resourceId: controlPlaneId },
  roles: [],
  rolesAreNew: true,
  resourceUid: 'uid',
} as const;

function lackRole(): never {
  throw new FailureError({ code: 'MissingRole', message: 'It lacks a role.' });
}

describe('a switch right after roles were assigned', () => {
  it('is asked for again while Azure does not honour them', () => {
    const { outcome, minutes, reports } = runOrchestration(enableManagedIdentity, switching, {
      switchIdentity: (_input, nth) => (nth < 3 ? lackRole() : done),
      readCluster: () => aCluster(),
    });

    expect(outcome.ok).toBe(true);
    expect(minutes).toBe(15);
    expect(reports[0]?.progress.wait).toEqual({
      reason: 'rbac-propagation',
      text: 'Azure does not honour the new roles everywhere yet',
      until: '2026-11-24T10:00:00.000Z',
    });
  });

  it('is given up after an hour', () => {
    const { outcome, minutes } = runOrchestration(enableManagedIdentity, switching, {
      switchIdentity: lackRole,
    });

    expect(outcome).toMatchObject({ failure: { code: 'MissingRole' } });
    expect(minutes).toBe(60);
  });

  it.each([
    ['where no role is new', { ...switching, rolesAreNew: false }, lackRole],
    [
      'that a policy denies',
      switching,
      () => {
        throw new FailureError({ code: 'DeniedByPolicy', message: 'Denied.' });
      },
    ],
  ])('is not asked for again %s', (_case, input, switchIdentity) => {
    const { outcome, minutes } = runOrchestration(enableManagedIdentity, input, { switchIdentity });

    expect(outcome.ok).toBe(false);
    expect(minutes).toBe(0);
  });
});

describe('a switch to an identity that it brings into being', () => {
  const system = { kind: 'systemAssigned', principalId: 'new' } as const;
  const after = aCluster({
    controlPlane: system,
    shown: { type: 'SystemAssigned', clientId: 'msi', userAssigned: [] },
  });
  const input = {
    ...switching,
    identity: { kind: 'systemAssigned' },
    roles: [aRequirement()],
    before: { controlPlane: servicePrincipal, servicePrincipal: { objectId: 'old' } },
  } as const;

  it('assigns its roles as soon as it can be seen, while Azure is still at work', () => {
    const early = { ...after, controlPlane: { ...system, principalId: '' } };
    const { outcome, calls, inputs } = runOrchestration(enableManagedIdentity, input, {
      noteIdentityChange: () => ({ noted: true }),
      switchIdentity: () => running(),
      readCluster: (_input, nth) => (nth === 0 ? early : after),
      assignRole: () => ({ created: true }),
      pollOperation: () => done,
    });

    expect(outcome).toMatchObject({ value: { controlPlane: 'new' } });
    expect(calls).toEqual([
      ...['noteIdentityChange', 'switchIdentity', 'readCluster', 'readCluster', 'assignRole'],
      ...['pollOperation', 'readCluster', 'noteIdentityChange'],
    ]);
    expect(inputs.find(({ activity }) => activity === 'assignRole')).toMatchObject({
      input: { principalId: 'new' },
    });
  });

  it('remembers who the cluster was: before it asks, and when the grace begins', () => {
    const { inputs } = runOrchestration(enableManagedIdentity, input, {
      noteIdentityChange: () => ({ noted: true }),
      switchIdentity: () => running({ pollAfterSeconds: 600 }),
      readCluster: () => after,
      assignRole: () => ({ created: true }),
      pollOperation: () => done,
    });

    const former = { kind: 'servicePrincipal', objectId: 'old', appId: servicePrincipal.clientId };
    expect(inputs.filter(({ activity }) => activity === 'noteIdentityChange')).toMatchObject([
      { input: { resourceUid: 'uid', former: { ...former, until: '2026-11-24T09:00:00.000Z' } } },
      { input: { former: { ...former, until: '2026-11-24T09:10:00.000Z' } } },
    ]);
  });

  it('ends as not verified when the principal never shows', () => {
    const { outcome } = runOrchestration(enableManagedIdentity, input, {
      noteIdentityChange: () => ({ noted: true }),
      switchIdentity: () => running(),
      readCluster: () => aCluster({ controlPlane: { ...system, principalId: '' } }),
    });

    expect(outcome).toMatchObject({ failure: { code: 'NotVerified' } });
  });
});

describe('adoptKubelet', () => {
  const resourceId = identityId('id-nodes');
  const input = {
    clusterId,
    resourceId,
    pools: [
      { name: 'system', nodes: 3 },
      { name: 'apps', nodes: 1 },
    ],
    rolesAreNew: false,
    resourceUid: 'uid',
    former: '',
  };
  const after = aCluster({ kubelet: { resourceId: resourceId.toUpperCase(), objectId: 'k' } });
  const script = {
    adoptKubeletIdentity: () => running(),
    pollOperation: () => done,
    readCluster: () => after,
  };

  it('looks at every pool before it believes that the nodes have the identity', () => {
    const { outcome, calls } = runOrchestration(adoptKubelet, input, {
      ...script,
      readPool: () => ({ imageVersion: '', usesKubeletIdentity: true }),
    });

    expect(outcome).toEqual({ ok: true, value: { kubelet: 'k' } });
    expect(calls.slice(-3)).toEqual(['readCluster', 'readPool', 'readPool']);
  });

  it('is not content when a pool does not carry it', () => {
    const { outcome } = runOrchestration(adoptKubelet, input, {
      ...script,
      readPool: ({ pool }) => ({ imageVersion: '', usesKubeletIdentity: pool === 'system' }),
    });

    expect(outcome).toMatchObject({
      failure: {
        code: 'NotVerified',
        message: expect.stringContaining('pool apps does not') as string,
      },
    });
  });

  it('is not content when the cluster shows another one', () => {
    const { outcome } = runOrchestration(adoptKubelet, input, {
      ...script,
      readCluster: () => aCluster(),
    });

    expect(outcome).toMatchObject({ failure: { code: 'NotVerified' } });
  });

  it('gives Azure half an hour for each node', () => {
    const { outcome, minutes } = runOrchestration(adoptKubelet, input, {
      ...script,
      pollOperation: () => running({ pollAfterSeconds: 60 }),
    });

    expect(outcome).toMatchObject({ failure: { code: 'DeadlineExceeded' } });
    expect(minutes).toBe(180.5);
  });
});

describe('createManagedCluster', () => {
  const input = { clusterId, armId, body: {}, rolesAreNew: true };

  it('is content with a cluster that acts as managed identities', () => {
    const { kubelet } = aCluster();
    const without = aCluster({ kubelet: { resourceId: '', objectId: '' } });
    const { outcome } = runOrchestration(createManagedCluster, input, {
      createCluster: (_input, nth) => (nth === 0 ? lackRole() : running()),
      pollOperation: () => done,
      readCluster: (_input, nth) => (nth === 0 ? without : aCluster()),
    });

    expect(outcome).toEqual({
      ok: true,
      value: { controlPlane: controlPlanePrincipal, kubelet: kubelet?.objectId },
    });
  });

  it('is not content with one that shows none', () => {
    const { outcome } = runOrchestration(createManagedCluster, input, {
      createCluster: () => done,
      readCluster: () => aCluster({ shown: { type: '', clientId: 'an-app', userAssigned: [] } }),
    });

    expect(outcome).toMatchObject({ failure: { code: 'NotVerified' } });
  });
});

describe('removeRoles', () => {
  it('takes one after the other away and counts those that were there', () => {
    const assignment = (id: string) => ({
      ...{ id, principalId: 'p', role: 'r', scope: '/s', why: '', former: true },
    });
    const input = { clusterId, assignments: [assignment('a'), assignment('b')] };

    const { outcome, inputs } = runOrchestration(removeRoles, input, {
      removeRole: (_input, nth) => ({ removed: nth === 0 }),
    });

    expect(outcome).toEqual({ ok: true, value: { removed: 1 } });
    expect(inputs).toMatchObject([
      { input: { assignment: { id: 'a' } } },
      { input: { assignment: { id: 'b' } } },
    ]);
  });
});

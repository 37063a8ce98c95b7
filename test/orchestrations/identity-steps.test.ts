import { assignRoles } from '../../orchestrations/assign-roles';
import { enableManagedIdentity } from '../../orchestrations/enable-managed-identity';
import { retirePodIdentity } from '../../orchestrations/retire-pod-identity';
import {
  aCluster,
  aRequirement,
  anOldCluster,
  clusterId,
  controlPlaneId,
  controlPlanePrincipal,
  kubeletPrincipal,
  podIdentityWith,
} from '../support/clusters';
import { runOrchestration } from '../support/run-orchestration';
import { running } from '../support/scripted-azure';

const done = { status: 'succeeded' } as const;

describe('enableManagedIdentity', () => {
  const userAssigned = { kind: 'userAssigned', resourceId: controlPlaneId } as const;
  const input = {
    clusterId,
    identity: userAssigned,
    roles: [],
    rolesAreNew: false,
    resourceUid: 'uid',
  };

  it('returns the principals that the cluster has from now on', () => {
    const { outcome, instances } = runOrchestration(enableManagedIdentity, input, {
      switchIdentity: () => running(),
      pollOperation: () => done,
      readCluster: () => aCluster(),
    });

    expect(outcome).toEqual({
      ok: true,
      value: { controlPlane: controlPlanePrincipal, kubelet: kubeletPrincipal },
    });
    expect(instances).toEqual(['root', 'root.wait-switch']);
  });

  it('reads again while the principal of the identity has not come up', () => {
    const fresh = aCluster({ controlPlane: { ...userAssigned, principalId: '' } });
    const { outcome, minutes } = runOrchestration(enableManagedIdentity, input, {
      switchIdentity: () => done,
      readCluster: (_input, nth) => (nth < 3 ? fresh : aCluster()),
    });

    expect(outcome.ok).toBe(true);
    expect(minutes).toBe(1.5);
  });

  it.each([
    ['is still on its service principal', anOldCluster()],
    [
      'has another kind of identity',
      aCluster({ controlPlane: { kind: 'systemAssigned', principalId: '1' } }),
    ],
    ['shows no principal', aCluster({ controlPlane: { ...userAssigned, principalId: '' } })],
  ])('is not content with a success after which the cluster %s', (_case, cluster) => {
    const { outcome } = runOrchestration(enableManagedIdentity, input, {
      switchIdentity: () => done,
      readCluster: () => cluster,
    });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'NotVerified',
        message: 'Azure reports the identity switch as done, but the cluster does not show it.',
        next: 'Look at the identity of the cluster in the Azure portal, then onboard it again.',
        target: clusterId,
      },
    });
  });

  it('gives the switch an hour', () => {
    const { outcome, minutes } = runOrchestration(enableManagedIdentity, input, {
      switchIdentity: () => running(),
      pollOperation: () => running(),
    });

    expect(outcome).toMatchObject({ failure: { code: 'DeadlineExceeded' } });
    expect(minutes).toBe(60.5);
  });
});

describe('assignRoles', () => {
  const requirement = (id: string) => aRequirement({ id });
  const input = {
    clusterId,
    principalId: controlPlanePrincipal,
    roles: [requirement('RR-SUBNET'), requirement('RR-ROUTETABLE')],
    settleMinutes: 10,
  };

  it('waits once, until Azure honours what was assigned', () => {
    const { outcome, minutes, reports } = runOrchestration(assignRoles, input, {
      assignRole: (_input, nth) => ({ created: nth < 2 }),
    });

    expect(outcome).toEqual({ ok: true, value: { created: 2 } });
    expect(minutes).toBe(10);
    expect(reports.map(({ progress }) => progress.wait)).toEqual([
      {
        reason: 'rbac-propagation',
        text: 'Azure takes up to 10 minutes to honour new roles',
        until: '2026-11-24T09:10:00.000Z',
      },
    ]);
  });

  it('waits when only one of several is new', () => {
    const { minutes } = runOrchestration(assignRoles, input, {
      assignRole: (_input, nth) => ({ created: nth === 1 }),
    });

    expect(minutes).toBe(10);
  });

  it.each([
    ['nothing is new', { created: false }, 10],
    ['the policy asks for no wait', { created: true }, 0],
  ])('does not wait when %s', (_case, outcome, settleMinutes) => {
    const { minutes } = runOrchestration(
      assignRoles,
      { ...input, settleMinutes },
      { assignRole: () => outcome },
    );

    expect(minutes).toBe(0);
  });
});

describe('retirePodIdentity', () => {
  const input = { clusterId, deadEntries: ['apps/id-a'] };

  it('passes on the entries that may go, and no others', () => {
    const { inputs } = runOrchestration(retirePodIdentity, input, {
      disablePodIdentity: () => done,
      readCluster: () => aCluster(),
    });

    expect(inputs[0]).toEqual({ activity: 'disablePodIdentity', input });
  });

  it.each([
    ['is still on', podIdentityWith()],
    ['is off but has kept an entry', { ...podIdentityWith('id-a'), enabled: false }],
  ])('is not content with a success after which the add-on %s', (_case, podIdentity) => {
    const { outcome } = runOrchestration(retirePodIdentity, input, {
      disablePodIdentity: () => running(),
      pollOperation: () => done,
      readCluster: () => aCluster({ podIdentity }),
    });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'NotVerified',
        message: 'Azure reports the change as done, but the pod-identity add-on is still on.',
        next: 'Look at podIdentityProfile of the cluster, then onboard it again.',
        target: clusterId,
      },
    });
  });
});

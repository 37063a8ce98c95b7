import { adoptKubeletIdentity } from '../../activities/adopt-kubelet-identity';
import { assignRole } from '../../activities/assign-role';
import { pollOperation } from '../../activities/poll-operation';
import { removeRole } from '../../activities/remove-role';
import { startNodeImageRoll } from '../../activities/start-node-image-roll';
import { switchIdentity } from '../../activities/switch-identity';
import type { FailureCode } from '../../domain/outcome';
import { roles } from '../../domain/roles/built-in-roles';
import {
  aRequirement,
  clusterId,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  newImage,
  nodeSubnet,
  oldImage,
} from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import {
  aNetwork,
  aScaleSet,
  aWireAssignment,
  aWireCluster,
  aWirePool,
  anIdentity,
  anOldWireCluster,
} from './support/resources';

// Each row of the failure tables of identities and role assignments: what Azure says, and what Steward makes of it.

interface Said {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
}

const ask = {
  switch: ({ call }: TestAzure) =>
    call(switchIdentity, {
      clusterId,
      identity: { kind: 'userAssigned', resourceId: controlPlaneId },
    }),
  kubelet: ({ call }: TestAzure) =>
    call(adoptKubeletIdentity, { clusterId, resourceId: identityId('id-nodes') }),
  roll: ({ call }: TestAzure) =>
    call(startNodeImageRoll, {
      clusterId,
      pool: { name: 'apps', reason: 'image', from: oldImage, to: newImage, nodes: 3 },
    }),
  assign: ({ call }: TestAzure) =>
    call(assignRole, {
      clusterId,
      principalId: controlPlanePrincipal,
      requirement: aRequirement(),
    }),
};

const worlds = {
  switch: [anOldWireCluster(), anIdentity(controlPlaneId)],
  kubelet: [
    aWireCluster(),
    anIdentity(controlPlaneId),
    anIdentity(identityId('id-nodes'), 'nodes'),
    aWireAssignment('Managed Identity Operator', { scope: identityId('id-nodes') }),
  ],
  roll: [
    aWireCluster({ agentPoolProfiles: [aWirePool('apps', { nodeImageVersion: oldImage })] }),
    aScaleSet('apps', 'kubelet identity'),
  ],
  assign: [aNetwork()],
};

type Asked = keyof typeof ask;

const methods = { switch: 'PUT', kubelet: 'PUT', roll: 'POST', assign: 'PUT' } as const;

async function answered(asked: Asked, answer: Said) {
  await using azure = await anAzure(worlds[asked]);
  await azure.fail({ match: { method: methods[asked] }, count: 9, answer });
  return await ask[asked](azure).catch((error: unknown) => error);
}

const table = (what: string): string => `The cluster needs permission on ${what}.`;

describe('what Azure refuses for good', () => {
  it.each<readonly [Asked, Said, readonly [FailureCode, RegExp]]>([
    [
      'switch',
      { status: 403, code: 'LinkedAuthorizationFailed' },
      ['Forbidden', /^Grant the identity/],
    ],
    [
      'switch',
      { status: 403, code: 'AuthorizationFailed' },
      ['Forbidden', /^Grant Steward's identity/],
    ],
    [
      'switch',
      { status: 400, code: 'CustomRouteTableMissingPermission', message: table('the route table') },
      ['MissingRole', /assign the one that the message names/],
    ],
    [
      'switch',
      {
        status: 400,
        code: 'CustomPrivateDNSZoneMissingPermissionError',
        message: table('the zone'),
      },
      ['MissingRole', /assign the one that the message names/],
    ],
    [
      'kubelet',
      { status: 400, code: 'CustomKubeletIdentityMissingPermissionError', message: table('it') },
      ['MissingRole', /up to an hour/],
    ],
    [
      'kubelet',
      {
        status: 400,
        code: 'BadRequest',
        message: 'Change kubelet identity from id-a to id-b is not allowed.',
      },
      ['Unsupported', /^Leave the kubelet identity/],
    ],
    [
      'switch',
      {
        status: 400,
        code: 'ServicePrincipalValidationClientError',
        message:
          "The credentials in ServicePrincipalProfile were invalid. Please see https://aka.ms/aks-sp-help. (Details: adal: Refresh request failed. Status Code = '401'.)",
      },
      ['CredentialsExpired', /^Reset the credentials/],
    ],
    [
      'switch',
      {
        status: 400,
        code: 'BadRequest',
        message: 'AADSTS7000222: The provided client secret keys are expired.',
      },
      ['CredentialsExpired', /^Reset the credentials/],
    ],
    ['switch', { status: 403, code: 'RequestDisallowedByPolicy' }, ['DeniedByPolicy', /^Exempt/]],
    ['switch', { status: 409, code: 'ScopeLocked' }, ['Locked', /^Remove the lock/]],
    ['roll', { status: 400, code: 'QuotaExceeded' }, ['QuotaExceeded', /^Raise the quota/]],
    ['roll', { status: 400, code: 'SubnetIsFull' }, ['QuotaExceeded', /^Make room in the subnet/]],
    [
      'assign',
      { status: 400, code: 'RoleAssignmentUpdateNotPermitted' },
      ['Conflict', /^Remove the assignment of that name/],
    ],
    [
      'assign',
      { status: 400, code: 'RoleAssignmentLimitExceeded' },
      ['QuotaExceeded', /^Remove role assignments/],
    ],
    [
      'assign',
      {
        status: 403,
        code: 'AuthorizationFailed',
        message: 'The client has an authorization with ABAC condition that is not fulfilled.',
      },
      ['Forbidden', /^Widen the condition/],
    ],
  ])('%s: %p', async (asked, said, [code, next]) => {
    const outcome = await answered(asked, said);

    expect(outcome).toMatchObject({
      ok: false,
      failure: { code, next: expect.stringMatching(next) as string },
    });
  });
});

describe('what passes by itself', () => {
  it.each<readonly [Asked, Said]>([
    ['switch', { status: 409, code: 'OperationNotAllowed' }],
    ['switch', { status: 412, code: 'PreconditionFailed' }],
    ['kubelet', { status: 409, code: 'AnotherOperationInProgress' }],
    ['assign', { status: 400, code: 'PrincipalNotFound' }],
    ['roll', { status: 429, code: 'Throttled' }],
  ])('%s: %p', async (asked, said) => {
    expect(await answered(asked, said)).toMatchObject({ name: 'TransientError' });
  });
});

describe('what is no failure', () => {
  it('is an assignment that says the same under another name', async () => {
    await using azure = await anAzure(worlds.assign);
    const answer = { status: 409, code: 'RoleAssignmentExists' };
    await azure.fail({ match: { method: 'PUT' }, count: 1, answer });

    expect(await ask.assign(azure)).toEqual({ ok: true, value: { created: false } });
  });

  it('is a removal of what somebody else has removed meanwhile', async () => {
    await using azure = await anAzure([aNetwork(), aWireAssignment('Contributor')]);
    const answer = { status: 404, code: 'RoleAssignmentNotFound' };
    await azure.fail({ match: { method: 'DELETE' }, count: 1, answer });
    const id = `${nodeSubnet}/providers/Microsoft.Authorization/roleAssignments/1`;
    const said = { principalId: controlPlanePrincipal, role: roles.Contributor, scope: nodeSubnet };

    const outcome = await azure.call(removeRole, {
      clusterId,
      assignment: { id, ...said, why: '', former: false },
    });

    expect(outcome).toMatchObject({ ok: true });
  });
});

describe('a roll that Azure has accepted', () => {
  it.each<readonly [string, FailureCode, RegExp]>([
    ['UpgradeFailed', 'OperationFailed', /^Make room for the disruption/],
    ['QuotaExceeded', 'QuotaExceeded', /^Raise the quota/],
    ['SubnetIsFull', 'QuotaExceeded', /^Make room in the subnet/],
  ])('and fails with %s says what to do', async (code, failureCode, next) => {
    await using azure = await anAzure(worlds.roll);
    const error = { code, message: 'Azure says why.' };
    await azure.fail({ match: { method: 'POST' }, count: 1, operation: { error } });
    const started = await ask.roll(azure);
    azure.advanceMinutes(120);

    const operation = started.ok ? started.value : undefined;
    const outcome =
      operation && (await azure.call(pollOperation, { operation: operation as never }));

    expect(outcome).toMatchObject({
      failure: { code: failureCode, next: expect.stringMatching(next) as string },
    });
  });
});

import { pollOperation } from '../../activities/poll-operation';
import { switchIdentity } from '../../activities/switch-identity';
import type { Failure, FailureCode } from '../../domain/outcome';
import { armId, clusterId } from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import { anOldWireCluster } from './support/resources';

type Envelope = 'arm' | 'aks';

interface Decided {
  readonly status: number;
  readonly code: string;
  readonly envelope: Envelope;
  readonly becomes: FailureCode;
  readonly next: string;
}

const asked = { clusterId, identity: { kind: 'systemAssigned' } } as const;
const correct = 'Correct what the message names, then onboard the cluster again.';
const exists = 'Check that the resource still exists.';
const grant =
  "Grant Steward's identity the action at the scope that the message names, then onboard again.";
const exempt =
  'Exempt the resource from the policy assignment that the message names, then onboard again.';
const unlock = 'Remove the lock that the message names, then onboard the cluster again.';
const takeOut = 'Take the flag out of the policy: this cloud or subscription does not offer it.';
const fewerAssignments =
  'Remove role assignments that nobody needs, then onboard the cluster again.';
const removeEntry =
  'Remove the pod identity that the message names from the cluster, then onboard it again.';
const easeDisruption =
  'Make room for the disruption that the message names (a budget, a pod that does not end), then onboard again.';
const raiseQuota = 'Raise the quota or lower maxSurge of the pool, then onboard the cluster again.';
const lessSurge = 'Lower maxSurge of the pool or ask for capacity, then onboard the cluster again.';
const waitForCapacity = 'Wait for capacity in the region, then onboard the cluster again.';
const makeRoom =
  'Make room in the subnet or lower maxSurge of the pool, then onboard the cluster again.';
const waitForTheOther =
  'Wait until the operation that took its place has ended, then onboard the cluster again.';
const grantLinked =
  'Grant the identity that the message names the action at the linked scope, then onboard again.';
const leaveAlone = 'Leave the cluster alone: somebody deletes it.';
const checkCredential = "Check the tenant and the credential of Steward's identity.";

let azure: TestAzure;
beforeAll(async () => {
  azure = await anAzure([anOldWireCluster()]);
});
afterAll(() => azure[Symbol.asyncDispose]());

describe('an answer to a write that passes by itself', () => {
  it.each<readonly [number, string, Envelope]>([
    [409, 'OperationNotAllowed', 'aks'],
    [409, 'AnotherOperationInProgress', 'arm'],
    [409, 'Conflict', 'arm'],
    [400, 'PrincipalNotFound', 'arm'],
    [412, 'PreconditionFailed', 'aks'],
    [408, 'RequestTimeout', 'arm'],
    [429, 'Throttled', 'aks'],
    [429, 'SubscriptionRequestsThrottled', 'arm'],
    [500, 'InternalServerError', 'arm'],
    [502, 'BadGateway', 'arm'],
    [503, 'ServerBusy', 'aks'],
    [504, 'GatewayTimeout', 'arm'],
  ])('is thrown: %i %s', async (status, code, envelope) => {
    await azure.fail(answering({ status, code, envelope }));

    const outcome = azure.call(switchIdentity, asked);

    await expect(outcome).rejects.toMatchObject({
      name: 'TransientError',
      message: `${status} ${code}: Azure says why.`,
    });
  });
});

describe('an answer to a write that is decided', () => {
  it.each<Decided>([
    {
      status: 403,
      code: 'RequestDisallowedByPolicy',
      envelope: 'arm',
      becomes: 'DeniedByPolicy',
      next: exempt,
    },
    { status: 409, code: 'ScopeLocked', envelope: 'arm', becomes: 'Locked', next: unlock },
    {
      status: 403,
      code: 'AuthorizationFailed',
      envelope: 'arm',
      becomes: 'Forbidden',
      next: grant,
    },
    {
      status: 403,
      code: 'LinkedAuthorizationFailed',
      envelope: 'arm',
      becomes: 'Forbidden',
      next: grantLinked,
    },
    {
      status: 401,
      code: 'InvalidAuthenticationTokenTenant',
      envelope: 'arm',
      becomes: 'Forbidden',
      next: checkCredential,
    },
    {
      status: 409,
      code: 'MissingSubscriptionRegistration',
      envelope: 'arm',
      becomes: 'Unsupported',
      next: 'Register the resource provider that the message names in the subscription, then onboard again.',
    },
    {
      status: 409,
      code: 'ReadOnlyDisabledSubscription',
      envelope: 'arm',
      becomes: 'Locked',
      next: 'Enable the subscription, which takes no writes now, then onboard the cluster again.',
    },
    {
      status: 404,
      code: 'SubscriptionNotFound',
      envelope: 'arm',
      becomes: 'NotFound',
      next: exists,
    },
    {
      status: 404,
      code: 'ResourceGroupNotFound',
      envelope: 'arm',
      becomes: 'NotFound',
      next: exists,
    },
    { status: 404, code: 'ResourceNotFound', envelope: 'arm', becomes: 'NotFound', next: exists },
    { status: 404, code: 'NotFound', envelope: 'arm', becomes: 'NotFound', next: exists },
    { status: 410, code: 'Gone', envelope: 'arm', becomes: 'NotFound', next: exists },
    {
      status: 404,
      code: 'FeatureNotFound',
      envelope: 'arm',
      becomes: 'Unsupported',
      next: takeOut,
    },
    {
      status: 400,
      code: 'RoleAssignmentLimitExceeded',
      envelope: 'arm',
      becomes: 'QuotaExceeded',
      next: fewerAssignments,
    },
    {
      status: 400,
      code: 'PodIdentityAddonIdentitiesAssignmentError',
      envelope: 'aks',
      becomes: 'Conflict',
      next: removeEntry,
    },
    {
      status: 400,
      code: 'NoRegisteredProviderFound',
      envelope: 'arm',
      becomes: 'InvalidInput',
      next: correct,
    },
    {
      status: 400,
      code: 'RoleAssignmentUpdateNotPermitted',
      envelope: 'arm',
      becomes: 'Conflict',
      next: 'Remove the assignment of that name, which says something else or is of a deleted principal, then onboard again.',
    },
    {
      status: 400,
      code: 'ManagedClusterCountExceedsQuotaLimit',
      envelope: 'aks',
      becomes: 'InvalidInput',
      next: correct,
    },
    {
      status: 400,
      code: 'ValidationError',
      envelope: 'aks',
      becomes: 'InvalidInput',
      next: correct,
    },
    {
      status: 400,
      code: 'UnsatisfiablePDB',
      envelope: 'aks',
      becomes: 'InvalidInput',
      next: correct,
    },
    { status: 400, code: 'BadRequest', envelope: 'arm', becomes: 'InvalidInput', next: correct },
    { status: 400, code: 'BadRequest', envelope: 'aks', becomes: 'InvalidInput', next: correct },
    {
      status: 405,
      code: 'MethodNotAllowed',
      envelope: 'arm',
      becomes: 'InvalidInput',
      next: correct,
    },
  ])('is a failure: $status $code', async ({ becomes, next, ...answer }) => {
    await azure.fail(answering(answer));

    const outcome = await azure.call(switchIdentity, asked);

    expect(outcome).toEqual({
      ok: false,
      failure: { code: becomes, message: 'Azure says why.', next, target: armId },
    });
  });

  it('becomes one line of at most 1,000 characters, whatever Azure writes', async () => {
    const message = `First\n\n\tsecond ${'word '.repeat(300)}`;
    await azure.fail(answering({ status: 400, code: 'BadRequest', envelope: 'arm', message }));

    const outcome = await azure.call(switchIdentity, asked);

    const { message: line } = (outcome as { failure: Failure }).failure;
    expect(line).toMatch(/^First second word word .*…$/);
    expect(line).toHaveLength(1000);
  });
});

describe('an operation that Azure accepted and then failed', () => {
  it.each<readonly [string, FailureCode, string]>([
    ['UpgradeFailed', 'OperationFailed', easeDisruption],
    ['QuotaExceeded', 'QuotaExceeded', raiseQuota],
    ['SKUNotAvailable', 'QuotaExceeded', lessSurge],
    ['AllocationFailed', 'QuotaExceeded', waitForCapacity],
    ['OverconstrainedAllocationRequest', 'QuotaExceeded', lessSurge],
    ['SubnetIsFull', 'QuotaExceeded', makeRoom],
    ['RequestDisallowedByPolicy', 'DeniedByPolicy', exempt],
    ['LinkedAuthorizationFailed', 'Forbidden', grantLinked],
    ['AKSOperationPreempted', 'Conflict', waitForTheOther],
    ['AKSOperationPreemptedByDelete', 'NotFound', leaveAlone],
    ['SomethingNew', 'OperationFailed', correct],
  ])('is a failure with its reason: %s', async (code, failureCode, next) => {
    await using own = await anAzure([anOldWireCluster()]);
    const match = { operation: 'managedClusters/write' };
    await own.fail({ match, operation: { error: { code, message: 'Azure says why.' } } });

    const operation = await own.value(switchIdentity, asked);
    own.advanceMinutes(10);
    const outcome = await own.call(pollOperation, { operation });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: failureCode,
        message: `The identity switch of aks-orders failed: ${code} Azure says why.`,
        next,
        target: clusterId,
      },
    });
  });
});

function answering({
  message = 'Azure says why.',
  ...answer
}: {
  readonly status: number;
  readonly code: string;
  readonly envelope: Envelope;
  readonly message?: string;
}) {
  return { match: { operation: 'managedClusters/write' }, answer: { ...answer, message } };
}

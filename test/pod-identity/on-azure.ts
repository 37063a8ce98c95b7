import type { Clients } from '../../clients';
import { getCluster } from '../../clients/clusters';
import type { Outcome } from '../../domain/outcome';
import { changes } from '../../domain/pod-identity/change';
import type { ChangeKind, PodIdentityChange } from '../../domain/pod-identity/change';
import { podIdentityFeature } from '../../domain/policy';
import type { Policy } from '../../domain/policy';
import type { PlanRecord } from '../../domain/records';
import { onboardCluster } from '../../orchestrations/onboard-cluster';
import type { OnboardClusterReport } from '../../orchestrations/onboard-cluster';
import type { JsonObject } from '../../simulator/json';
import type { TestAzure } from '../activities/support/azure';
import {
  aFeature,
  aScaleSet,
  aWireAssignment,
  aWireCluster,
  anIdentity,
} from '../activities/support/resources';
import {
  aPolicy,
  clusterId,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  nodeGroup,
  subscriptionId,
} from '../support/clusters';
import { runOnAzure } from '../support/run-on-azure';
import type { Watch } from '../support/run-on-azure';

export const ordersPrincipal = '66666666-6666-4666-8666-666666666666';
export const billingPrincipal = '77777777-7777-4777-8777-777777777777';
export const orders = identityId('orders');
export const billing = identityId('billing');

/** The identity of an entry as Azure shows it. */
export const ordersIdentity = {
  resourceId: orders,
  clientId: `client-of-${ordersPrincipal}`,
  objectId: ordersPrincipal,
};

const surroundings = [
  aScaleSet('system', 'kubelet identity'),
  aScaleSet('apps', 'kubelet identity'),
  anIdentity(controlPlaneId),
  anIdentity(orders, ordersPrincipal),
  anIdentity(billing, billingPrincipal),
  aWireAssignment('Contributor', { scope: nodeGroup }, 'of-node-group'),
];

/** A cluster on its own identity, without the add-on, two identities for applications, and the flag unregistered. */
export function withoutAddOn(properties: JsonObject = {}): JsonObject[] {
  return [aWireCluster(properties), ...surroundings, aFeature('NotRegistered')];
}

/** The same with the add-on on, and the entries of a profile. */
export function withAddOn(profile: JsonObject = {}, properties: JsonObject = {}): JsonObject[] {
  const podIdentityProfile = { enabled: true, ...profile };
  return [
    aWireCluster({ podIdentityProfile, ...properties }),
    ...surroundings,
    { ...aFeature('Registered'), $truth: { effective: true } },
  ];
}

/** A change as it comes out of a request. */
export function aChange(kind: ChangeKind, body: object): PodIdentityChange {
  return { kind, ...changes[kind].parse(body) } as PodIdentityChange;
}

export const enabling = aChange('enable', { acceptUnsupported: true, expires: '2027-03-31' });

export interface Options {
  readonly runId?: string;
  readonly mode?: 'report' | 'apply';
  readonly policy?: Policy;
  readonly clients?: Clients;
  readonly watch?: Watch;
  readonly minutes?: number;
}

/** Asks Steward for a change: a run of its own, with the real activities. */
export function ask(
  azure: TestAzure,
  podIdentity: PodIdentityChange,
  options: Options = {},
): Promise<Outcome<OnboardClusterReport>> {
  const { runId = 'run_1', mode = 'apply', policy = aPolicy(), minutes = 0, ...stage } = options;
  const shared = { clusterId, mode, policy, requestedBy: 'api', ownFailure: false };
  const startedAt = Date.UTC(2026, 10, 24, 8) + minutes * 60_000;
  return runOnAzure(
    onboardCluster,
    { ...shared, runId, podIdentity },
    { azure, startedAt, ...stage },
  );
}

export async function planOf(azure: TestAzure, runId = 'run_1'): Promise<PlanRecord> {
  const plan = await azure.clients.records.get('plan', runId.replace('run_', 'pl_'));
  if (!plan) throw new Error(`there is no plan of ${runId}`);
  return plan.value;
}

/** What a documented command is judged by: the add-on, the flag and who may what; no names, no times. */
export async function endState(azure: TestAzure): Promise<object> {
  const { body } = await getCluster(azure.clients, clusterId);
  const { podIdentityProfile, provisioningState } = body['properties'] as JsonObject;
  const flag = await azure.resource(
    `/subscriptions/${subscriptionId}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/${podIdentityFeature.split('/')[1] ?? ''}`,
  );
  return {
    podIdentityProfile: podIdentityProfile ?? null,
    provisioningState,
    flag: (flag['properties'] as JsonObject)['state'],
    roles: await rolesIn(azure),
  };
}

/** Who has which role where, as text. */
export async function rolesIn(azure: TestAzure): Promise<readonly string[]> {
  const { roleAssignments } = await azure.clients.authorization(subscriptionId);
  const all: string[] = [];
  for await (const {
    principalId,
    roleDefinitionId,
    scope,
  } of roleAssignments.listForSubscription()) {
    const who = principalId === controlPlanePrincipal ? 'cluster' : principalId;
    all.push(`${who ?? ''} ${(roleDefinitionId ?? '').slice(-36)} ${scope ?? ''}`);
  }
  return all.sort();
}

/** Asks, and gives the code and the words of the refusal. */
export async function refusal(
  azure: TestAzure,
  change: PodIdentityChange,
  options: Options = {},
): Promise<string> {
  const outcome = await ask(azure, change, options);
  if (!outcome.ok || !outcome.value.failure) throw new Error(JSON.stringify(outcome));
  const { code, message, next } = outcome.value.failure;
  expect(next).toMatch(/\.$/);
  expect(await azure.writes()).toEqual([]);
  return `${code}: ${message}`;
}

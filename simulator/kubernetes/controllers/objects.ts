import { at, objectAt, objectsAt, textAt, withAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';

/** Plural names with their groups, by kind: what the object store calls a resource. */
export const resourceOf = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Pod: 'pods',
  Event: 'events',
  ReplicationController: 'replicationcontrollers',
  ReplicaSet: 'replicasets.apps',
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  ControllerRevision: 'controllerrevisions.apps',
  Job: 'jobs.batch',
  CronJob: 'cronjobs.batch',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  CustomResourceDefinition: 'customresourcedefinitions.apiextensions.k8s.io',
  AzureIdentity: 'azureidentities.aadpodidentity.k8s.io',
  AzureIdentityBinding: 'azureidentitybindings.aadpodidentity.k8s.io',
  AzurePodIdentityException: 'azurepodidentityexceptions.aadpodidentity.k8s.io',
  AzureAssignedIdentity: 'azureassignedidentities.aadpodidentity.k8s.io',
} as const;

export type Kind = keyof typeof resourceOf;

export const nameOf = (object: KubeObject): string => textAt(object.metadata, 'name') ?? '';
export const namespaceOf = (object: KubeObject): string =>
  textAt(object.metadata, 'namespace') ?? '';
export const uidOf = (object: KubeObject): string => textAt(object.metadata, 'uid') ?? '';
export const labelsOf = (object: KubeObject): JsonObject => objectAt(object.metadata, 'labels');
export const annotationsOf = (object: KubeObject): JsonObject =>
  objectAt(object.metadata, 'annotations');

/** `namespace/name`. */
export const pathOf = (object: KubeObject): string => `${namespaceOf(object)}/${nameOf(object)}`;

export const isDeleting = (object: KubeObject): boolean =>
  textAt(object.metadata, 'deletionTimestamp') !== undefined;

/** The owner that controls an object. */
export function controllerOf(object: KubeObject): JsonObject | undefined {
  return objectsAt(object.metadata, 'ownerReferences').find(
    ({ controller }) => controller === true,
  );
}

export function controllerReference(owner: KubeObject): JsonObject {
  const { apiVersion, kind } = owner;
  const { name, uid } = owner.metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function numberAt(
  value: Json | undefined,
  path: readonly string[],
  otherwise: number,
): number {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : otherwise;
}

/** Epoch milliseconds of a timestamp in an object; NaN when it has none. */
export function timeAt(value: Json | undefined, ...path: readonly string[]): number {
  return Date.parse(textAt(value, ...path) ?? '');
}

export const createdAt = (object: KubeObject): number => {
  const time = timeAt(object.metadata, 'creationTimestamp');
  return Number.isNaN(time) ? 0 : time;
};

/** Timestamps of Kubernetes have no fractions. */
export function stamp(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** A number of pods or a percentage of them. */
export function amountOf(
  value: Json | undefined,
  total: number,
  { round, otherwise }: { readonly round: (amount: number) => number; readonly otherwise: string },
): number {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : otherwise;
  const amount = Number.parseFloat(text);
  if (Number.isNaN(amount)) return 0;
  return text.endsWith('%') ? round((total * amount) / 100) : Math.floor(amount);
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

export function conditionOf(object: KubeObject, type: string): JsonObject | undefined {
  return objectsAt(object, 'status', 'conditions').find((one) => one['type'] === type);
}

/** The conditions of an object with one changed; its transition is dated when the status differs. */
export function withCondition(
  conditions: readonly JsonObject[],
  condition: Condition,
  now: number,
): readonly JsonObject[] {
  const before = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime =
    before?.['status'] === condition.status ? before['lastTransitionTime'] : stamp(now);
  const after: JsonObject = { ...condition, lastTransitionTime };
  return before === undefined
    ? [...conditions, after]
    : conditions.map((one) => (one === before ? after : one));
}

/** The object with changed members of its status. */
export function withStatus(object: KubeObject, status: JsonObject): KubeObject {
  return withAt(object, ['status'], { ...objectAt(object, 'status'), ...status });
}

/** Whether every label of a selector stands on an object. */
export function hasLabels(labels: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

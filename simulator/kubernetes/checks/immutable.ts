import { at, canonical, isObject, objectAt, objectsAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { without } from '../object-parts';
import { qualifiedName } from '../resource-table';
import type { KubeObject, ServedResource } from '../resource-table';
import type { Cause } from '../writes/write-context';

type Check = (before: KubeObject, after: KubeObject) => readonly Cause[];

const same = (one: Json | undefined, other: Json | undefined): boolean =>
  canonical(one) === canonical(other);

/** Fields that never change once they are set. */
const fixed =
  (...paths: readonly string[]): Check =>
  (before, after) =>
    paths
      .filter((path) => at(before, ...path.split('.')) !== undefined)
      .filter((path) => !same(at(before, ...path.split('.')), at(after, ...path.split('.'))))
      .map((path) => ({
        reason: 'FieldValueInvalid',
        field: path,
        message: `Invalid value: ${canonical(at(after, ...path.split('.')))}: field is immutable`,
      }));

const forbidden = (message: string): readonly Cause[] => [
  { reason: 'FieldValueForbidden', field: 'spec', message: `Forbidden: ${message}` },
];

const ofStatefulSet = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

const statefulSet: Check = (before, after) => {
  const [one, other] = [before, after].map((set) =>
    without(objectAt(set, 'spec'), ...ofStatefulSet),
  );
  if (same(one, other)) return [];
  const quoted = ofStatefulSet.map((name) => `'${name}'`);
  const list = `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1) ?? ''}`;
  return forbidden(`updates to statefulset spec for fields other than ${list} are forbidden`);
};

const podRule =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

const pod: Check = (before, after) => {
  const [one, other] = [before, after].map((object) => fixedPodSpec(objectAt(object, 'spec')));
  const kept = new Set(objectsAt(after, 'spec', 'tolerations').map((each) => canonical(each)));
  const lost = objectsAt(before, 'spec', 'tolerations').some((each) => !kept.has(canonical(each)));
  return same(one, other) && !lost ? [] : forbidden(podRule);
};

/** What of a pod's specification stays; its node is set once, by the scheduler. */
function fixedPodSpec(spec: JsonObject): JsonObject {
  const containers = ['containers', 'initContainers'].map(
    (name) =>
      [name, objectsAt(spec, name).map((container) => without(container, 'image'))] as const,
  );
  return {
    ...without(
      spec,
      'activeDeadlineSeconds',
      'tolerations',
      'terminationGracePeriodSeconds',
      'nodeName',
      'schedulingGates',
      'ephemeralContainers',
    ),
    ...Object.fromEntries(containers),
  };
}

const data: Check = (before, after) => {
  if (before['immutable'] !== true) return [];
  const unchanged = ['data', 'binaryData', 'immutable'].every((name) =>
    same(before[name], after[name]),
  );
  if (unchanged) return [];
  const message = 'Forbidden: field is immutable when `immutable` is set';
  return [{ reason: 'FieldValueForbidden', field: 'data', message }];
};

const checks: Readonly<Record<string, Check>> = {
  pods: pod,
  configmaps: data,
  secrets: (before, after) => [...data(before, after), ...fixed('type')(before, after)],
  'deployments.apps': fixed('spec.selector'),
  'daemonsets.apps': fixed('spec.selector'),
  'replicasets.apps': fixed('spec.selector'),
  'statefulsets.apps': statefulSet,
  'jobs.batch': fixed('spec.template', 'spec.selector', 'spec.completionMode'),
  'rolebindings.rbac.authorization.k8s.io': fixed('roleRef'),
  'clusterrolebindings.rbac.authorization.k8s.io': fixed('roleRef'),
};

/** What a change may not change. */
export function immutableCauses(
  { group, resource }: ServedResource,
  before: KubeObject,
  after: KubeObject,
): readonly Cause[] {
  const check = checks[qualifiedName(group, resource)];
  return check === undefined || !isObject(after) ? [] : check(before, after);
}

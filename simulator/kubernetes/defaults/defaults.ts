import { canonical, isObject, objectAt, objectsAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import { nameOf } from '../object-parts';
import { qualifiedName } from '../resource-table';
import type { KubeObject, ServedResource } from '../resource-table';
import { filled } from './filled';
import { podSpecDefaults } from './pod-defaults';

type Defaults = (object: KubeObject) => JsonObject;

const spec =
  (defaults: JsonObject): Defaults =>
  (object) =>
    filled(objectAt(object, 'spec'), defaults);

const rolling = { type: 'RollingUpdate' };

const specs: Readonly<Record<string, Defaults>> = {
  'deployments.apps': (object) => {
    const own = spec({
      replicas: 1,
      strategy: rolling,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    })(object);
    if (objectAt(own, 'strategy')['type'] !== 'RollingUpdate') return own;
    const rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%' };
    return filled(own, { strategy: { rollingUpdate } });
  },
  'statefulsets.apps': (object) => {
    const own = spec({
      replicas: 1,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: rolling,
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    })(object);
    if (objectAt(own, 'updateStrategy')['type'] !== 'RollingUpdate') return own;
    return filled(own, { updateStrategy: { rollingUpdate: { partition: 0 } } });
  },
  'daemonsets.apps': (object) => {
    const own = spec({ updateStrategy: rolling, revisionHistoryLimit: 10 })(object);
    if (objectAt(own, 'updateStrategy')['type'] !== 'RollingUpdate') return own;
    return filled(own, { updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } });
  },
  'replicasets.apps': spec({ replicas: 1 }),
  replicationcontrollers: (object) =>
    spec({ replicas: 1, selector: objectAt(object, 'spec', 'template', 'metadata', 'labels') })(
      object,
    ),
  'jobs.batch': jobSpec,
  'cronjobs.batch': spec({
    concurrencyPolicy: 'Allow',
    failedJobsHistoryLimit: 1,
    successfulJobsHistoryLimit: 3,
    suspend: false,
  }),
  'horizontalpodautoscalers.autoscaling': spec({ minReplicas: 1 }),
  services: (object) => {
    const ports = objectsAt(object, 'spec', 'ports').map((port) =>
      filled(port, { protocol: 'TCP', targetPort: port['port'] }),
    );
    return { ...spec({ type: 'ClusterIP', sessionAffinity: 'None' })(object), ports };
  },
  namespaces: spec({ finalizers: ['kubernetes'] }),
};

const templates: Readonly<Record<string, readonly string[]>> = {
  pods: ['spec'],
  'deployments.apps': ['spec', 'template', 'spec'],
  'statefulsets.apps': ['spec', 'template', 'spec'],
  'daemonsets.apps': ['spec', 'template', 'spec'],
  'replicasets.apps': ['spec', 'template', 'spec'],
  replicationcontrollers: ['spec', 'template', 'spec'],
  'jobs.batch': ['spec', 'template', 'spec'],
  'cronjobs.batch': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Path to the pod specification inside of what makes pods; undefined for what makes none. */
export function podSpecPath({ group, resource }: ServedResource): readonly string[] | undefined {
  return templates[qualifiedName(group, resource)];
}

/** An object as the server completes it. */
export function withDefaults(served: ServedResource, object: KubeObject): KubeObject {
  const name = qualifiedName(served.group, served.resource);
  const own = specs[name];
  const complete = own === undefined ? object : { ...object, spec: own(object) };
  const path = templates[name];
  const found = path && objectAt(complete, ...path);
  if (path === undefined || found === undefined || Object.keys(found).length === 0) {
    return withMore(name, complete);
  }
  return withAt(complete, path, podSpecDefaults(found));
}

/** Whether an object was completed once. What a world document brought as it is stays as it is. */
export function isComplete(served: ServedResource, object: KubeObject): boolean {
  return canonical(withDefaults(served, object)) === canonical(object);
}

function withMore(name: string, object: KubeObject): KubeObject {
  if (name === 'secrets') return { type: 'Opaque', ...object };
  if (name !== 'namespaces') return object;
  const labels = objectAt(object, 'metadata', 'labels');
  const named = { ...labels, 'kubernetes.io/metadata.name': nameOf(object) };
  return withAt(object, ['metadata', 'labels'], named);
}

function jobSpec(job: KubeObject): JsonObject {
  const own = spec({
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    parallelism: 1,
    podReplacementPolicy: 'TerminatingOrFailed',
  })(job);
  const { parallelism } = objectAt(job, 'spec');
  const once = parallelism === undefined ? filled(own, { completions: 1 }) : own;
  const uid = job.metadata['uid'];
  if (uid === undefined || isObject(once['selector'])) return once;
  const matchLabels = { 'batch.kubernetes.io/controller-uid': uid };
  const labels = {
    ...matchLabels,
    'batch.kubernetes.io/job-name': nameOf(job),
    'controller-uid': uid,
    'job-name': nameOf(job),
  };
  return filled({ ...once, selector: { matchLabels } }, { template: { metadata: { labels } } });
}

import { objectAt, objectsIn, textIn } from '../json';
import type { Json } from '../snapshot';
import { proxyInitName, proxyName } from '../words';
import type { KubernetesObject } from './kubernetes-objects';
import { textsIn } from './values';

/** What pods are made from. */
export interface PodTemplate {
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly spec: Json;
  readonly containers: readonly Json[];
  /** Without those that Workload ID brings along. */
  readonly initContainers: readonly Json[];
  readonly accountName: string;
}

/** Kinds that make pods, or are one. */
export const templateKinds = [
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/CronJob',
  'batch/Job',
  'apps/ReplicaSet',
  '/ReplicationController',
  '/Pod',
] as const;

export function isTemplateKind(kind: string): boolean {
  return (templateKinds as readonly string[]).includes(kind);
}

export function podTemplate({ kind, body }: KubernetesObject): PodTemplate {
  const template = rawTemplate(kind, body);
  const metadata = objectAt(template, 'metadata');
  const spec = objectAt(template, 'spec');
  const own = [proxyName, proxyInitName];
  const account = textIn(spec['serviceAccountName']) || textIn(spec['serviceAccount']);
  return {
    labels: textsIn(metadata['labels']),
    annotations: textsIn(metadata['annotations']),
    spec,
    containers: objectsIn(spec['containers']),
    initContainers: objectsIn(spec['initContainers']).filter(
      ({ name }) => !own.includes(textIn(name)),
    ),
    accountName: account || 'default',
  };
}

function rawTemplate(kind: string, body: Json): Json {
  return objectAt(body, ...rawTemplatePath(kind));
}

/** Members that lead to the template of an object; a Pod is its own. */
export function rawTemplatePath(kind: string): readonly string[] {
  if (kind === 'Pod') return [];
  return kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
}

/** Containers that run the application, before and beside each other. */
export function allContainers({ containers, initContainers }: PodTemplate): readonly Json[] {
  return [...initContainers, ...containers];
}

/** Whether a container's image is the given one, from whatever registry it was pulled. */
export function hasImage({ containers }: PodTemplate, image: RegExp): boolean {
  return containers.some((container) => image.test(textIn(container['image'])));
}

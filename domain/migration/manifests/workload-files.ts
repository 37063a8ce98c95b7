import type { StaticInjection, TemplatePatch, WorkloadMigration } from '../document';
import { objectsIn, textIn } from '../json';
import { rawTemplatePath } from '../reading/pod-template';
import { apiVersionOf } from '../reading/workloads';
import type { Workload } from '../reading/workloads';
import type { Json } from '../snapshot';
import { tokenVolume } from '../template';
import { bindingLabel } from '../words';
import { patch } from './manifest-file';
import type { Manifest } from './manifest-file';

/** The strategic-merge patch of a workload that a plan has one for. */
export function workloadFile(
  plan: WorkloadMigration,
  workload: Workload | undefined,
): readonly Manifest[] {
  const { templatePatch } = plan;
  if (!workload || !templatePatch) return [];
  const notes = [
    ...(plan.codes.length > 0 ? [`${plan.status}: ${plan.codes.join(', ')}.`] : []),
    ...(handWork[plan.kind] ?? (plan.delivery === 'manual' ? [otherMaker] : [])),
  ];
  return [patch(plan, around(plan, workload, templateOf(templatePatch, workload)), notes)];
}

const otherMaker = 'The object is made by another one: change it where that takes it from.';
const handWork: Readonly<Record<string, readonly string[]>> = {
  Job: ['The template of a Job cannot be changed: let it finish, and make the next one with this.'],
  Pod: ['A running Pod cannot be changed: delete it, and make it again with this.'],
};

/** Takes out the label of pod identity, in a release after pod identity is gone; nothing needs it. */
export function bindingRemoval(
  plan: WorkloadMigration,
  workload: Workload | undefined,
): readonly Manifest[] {
  // A selector that names the label keeps it for ever.
  if (!workload || plan.codes.includes('LABEL_IN_SELECTOR')) return [];
  const template = { metadata: { labels: { [bindingLabel]: null } } };
  return [patch(plan, around(plan, workload, template))];
}

/** An object that has nothing but its name and a template. */
function around(
  { kind, namespace, name }: Pick<WorkloadMigration, 'kind' | 'namespace' | 'name'>,
  workload: Workload,
  template: Json,
): Json {
  const head = { apiVersion: apiVersionOf(workload), kind };
  if (kind === 'Pod') {
    const { metadata, ...rest } = template;
    return { ...head, metadata: { name, namespace, ...(metadata as Json) }, ...rest };
  }
  const nested = [...rawTemplatePath(kind)]
    .reverse()
    .reduce<Json>((inner, member) => ({ [member]: inner }), template);
  return { ...head, metadata: { name, namespace }, ...nested };
}

function templateOf(
  { labels, annotations, removeAnnotations, serviceAccountName, staticInjection }: TemplatePatch,
  { template }: Workload,
): Json {
  const removed = Object.fromEntries(removeAnnotations.map((name) => [name, null]));
  const noted = { ...annotations, ...removed };
  const spec = {
    ...(serviceAccountName !== undefined && { serviceAccountName }),
    // The old spelling, which the API server keeps equal.
    ...(serviceAccountName !== undefined &&
      template.spec['serviceAccount'] !== undefined && { serviceAccount: serviceAccountName }),
    ...(staticInjection && injected(staticInjection, template.spec)),
  };
  return {
    metadata: { labels, ...(Object.keys(noted).length > 0 && { annotations: noted }) },
    ...(Object.keys(spec).length > 0 && { spec }),
  };
}

/** What the webhook would put into the pod. A variable that a container sets already stays as it is. */
function injected(
  { env, mountPath, audience, expirationSeconds }: StaticInjection,
  spec: Json,
): Json {
  const container = (one: Json): Json => {
    const known = objectsIn(one['env']).map(({ name }) => textIn(name));
    const added = Object.entries(env).filter(([name]) => !known.includes(name));
    return {
      name: one['name'],
      env: added.map(([name, value]) => ({ name, value })),
      volumeMounts: [{ name: tokenVolume, mountPath, readOnly: true }],
    };
  };
  const early = objectsIn(spec['initContainers']).map(container);
  const serviceAccountToken = { path: tokenVolume, audience, expirationSeconds };
  return {
    ...(early.length > 0 && { initContainers: early }),
    containers: objectsIn(spec['containers']).map(container),
    volumes: [{ name: tokenVolume, projected: { sources: [{ serviceAccountToken }] } }],
  };
}

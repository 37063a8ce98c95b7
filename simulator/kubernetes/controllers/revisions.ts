import { canonical, objectAt, objectsAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { hashOf } from './deployments';
import type { Inside } from './inside';
import { controllerReference, labelsOf, nameOf, namespaceOf, numberAt } from './objects';

export const revisionLabel = 'controller-revision-hash';

/** A template that a stateful set or daemon set has or had. */
export interface Revision {
  /** What pods made from it carry as a label. */
  readonly hash: string;
  readonly template: JsonObject;
}

/** The revision of the template as it is now, made when it is new, and all that are known, oldest first. */
export function revisionsOf(
  inside: Inside,
  owner: KubeObject,
): { readonly newest: Revision; readonly all: readonly Revision[] } {
  const template = objectAt(owner, 'spec', 'template');
  const known = [...inside.owned('ControllerRevision', owner)].sort(
    (one, other) => numberAt(one, ['revision'], 0) - numberAt(other, ['revision'], 0),
  );
  const all = known.map(toRevision);
  const found = all.find((one) => canonical(one.template) === canonical(template));
  if (found !== undefined) return { newest: found, all };
  const number = Math.max(0, ...known.map((one) => numberAt(one, ['revision'], 0))) + 1;
  const newest = toRevision(
    inside.create('ControllerRevision', newRevision(owner, template, number)),
  );
  return { newest, all: [...all, newest] };
}

function newRevision(owner: KubeObject, template: JsonObject, revision: number): KubeObject {
  const hash = hashOf(template);
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${nameOf(owner)}-${hash}`,
      namespace: namespaceOf(owner),
      labels: { [revisionLabel]: hash },
      ownerReferences: [controllerReference(owner)],
    },
    data: { spec: { template } },
    revision,
  };
}

function toRevision(object: KubeObject): Revision {
  return {
    hash: textAt(labelsOf(object), revisionLabel) ?? '',
    template: objectAt(object, 'data', 'spec', 'template'),
  };
}

/**
 * Pods that came into the world without a revision belong to the one they look like: same labels, images and service
 * account. Others are out of date.
 */
export function nameRevisions(
  inside: Inside,
  pods: readonly KubeObject[],
  revisions: readonly Revision[],
): void {
  for (const pod of pods) {
    if (labelsOf(pod)[revisionLabel] !== undefined) continue;
    const found = revisions.find(({ template }) => looksLike(pod, template));
    const label = ['metadata', 'labels', revisionLabel];
    if (found !== undefined) inside.put('Pod', withAt(pod, label, found.hash));
  }
}

function looksLike(pod: KubeObject, template: JsonObject): boolean {
  const traits = (from: JsonObject): string => {
    const account = textAt(from, 'spec', 'serviceAccountName') ?? 'default';
    const images = objectsAt(from, 'spec', 'containers').map(({ image }) => image ?? null);
    return canonical([objectAt(from, 'metadata', 'labels'), account, images]);
  };
  return traits(pod) === traits(template);
}

export function revisionOf(pod: KubeObject): string | undefined {
  return textAt(labelsOf(pod), revisionLabel);
}

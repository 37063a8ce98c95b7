import { objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { admitPod } from '../admission';
import type { Inside } from './inside';
import { controllerReference, nameOf, namespaceOf } from './objects';
import { tellEvent } from './tell-event';

export interface NewPod {
  readonly owner: KubeObject;
  readonly template: JsonObject;
  /** Its name; absent: the owner's with five letters behind it. */
  readonly name?: string;
  readonly labels?: JsonObject;
  readonly spec?: JsonObject;
  /** The controller that makes it. */
  readonly by: string;
}

const retryMs = 30_000;

/** Makes a pod from a template, if admission lets it be born; else the owner has an event that says why not. */
export function createPod(inside: Inside, wanted: NewPod): KubeObject | undefined {
  const { owner, by } = wanted;
  const { cluster, world } = inside;
  const context = { cluster, world, namespace: namespaceOf(owner), dryRun: false };
  const admitted = admitPod(podFrom(inside, wanted), context);
  if ('refused' in admitted) {
    const message = `Error creating: ${textAt(admitted.refused.body, 'message') ?? ''}`;
    tellEvent(inside, owner, { type: 'Warning', reason: 'FailedCreate', message, by });
    inside.wakeAt(inside.now + retryMs);
    return undefined;
  }
  const pod = inside.create('Pod', admitted.pod);
  const message = `Created pod: ${nameOf(pod)}`;
  tellEvent(inside, owner, { reason: 'SuccessfulCreate', message, by });
  return pod;
}

function podFrom(inside: Inside, { owner, template, ...wanted }: NewPod): KubeObject {
  const metadata = objectAt(template, 'metadata');
  const { labels, annotations } = metadata;
  const prefix = `${nameOf(owner)}-`;
  const name = wanted.name ?? `${prefix}${suffix(inside, owner)}`;
  const spec: JsonObject = { ...objectAt(template, 'spec'), ...wanted.spec };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(wanted.name === undefined && { generateName: prefix }),
      namespace: namespaceOf(owner),
      labels: { ...objectAt(labels), ...wanted.labels },
      ...(annotations !== undefined && { annotations }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: withServiceAccount(spec),
    status: { phase: 'Pending' },
  };
}

function withServiceAccount(spec: JsonObject): JsonObject {
  const name = textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount') ?? 'default';
  return withAt(spec, ['serviceAccountName'], name);
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'; // those that generated names are made of

function suffix(inside: Inside, owner: KubeObject): string {
  const bytes = Buffer.from(inside.guid('pod', nameOf(owner)).replaceAll('-', ''), 'hex');
  return [...bytes.subarray(0, 5)].map((byte) => letters[byte % letters.length] ?? '').join('');
}

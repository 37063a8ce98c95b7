import { objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { coreResources } from '../resources/core';
import { admitPod } from '../admission';
import { pods } from '../resources/pods';
import { createObject } from '../writes/create-object';
import type { WriteContext, Written } from '../writes/write-context';
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
  const asked = podFrom(inside, wanted);
  const context = contextOf(inside, owner);
  const written = inside.settling ? longBorn(inside, asked, context) : createObject(context, asked);
  if ('refused' in written) {
    // Whoever makes pods by the prefix of their names hears of that prefix only.
    const why = textAt(written.refused.body, 'message') ?? '';
    const called = textAt(asked.metadata, 'generateName') ?? nameOf(asked);
    const message = `Error creating: ${why.replaceAll(nameOf(asked), called)}`;
    tellEvent(inside, owner, { type: 'Warning', reason: 'FailedCreate', message, by });
    inside.wakeAt(inside.now + retryMs);
    return undefined;
  }
  const pod = written.object;
  const message = `Created pod: ${nameOf(pod)}`;
  tellEvent(inside, owner, { reason: 'SuccessfulCreate', message, by });
  return pod;
}

/** A pod that has been there for long was born before what would refuse it now. */
function longBorn(inside: Inside, asked: KubeObject, context: WriteContext): Written {
  const admitted = admitPod(asked, context);
  if ('refused' in admitted) return admitted;
  return { object: inside.create('Pod', admitted.pod), status: 201 };
}

function contextOf({ cluster, world }: Inside, owner: KubeObject): WriteContext {
  const name = 'kube-controller-manager';
  return {
    ...{ cluster, world, namespace: namespaceOf(owner), dryRun: false },
    ...{ group: { group: '', version: 'v1', resources: coreResources }, resource: pods },
    manager: { name, operation: 'Update', subresource: '', force: false },
  };
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

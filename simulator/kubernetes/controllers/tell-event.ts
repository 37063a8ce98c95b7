import { createHash } from 'node:crypto';

import { textAt } from '../../json';
import type { KubeObject } from '../resource-table';
import type { Inside } from './inside';
import { nameOf, namespaceOf, numberAt, stamp, timeAt, uidOf } from './objects';

const keptMs = 60 * 60_000; // what an API server keeps events for

export interface Told {
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The component that says it. */
  readonly by: string;
}

/** Says something about an object, as an event of its namespace; said again, the event counts. */
export function tellEvent(inside: Inside, about: KubeObject, told: Told): void {
  if (inside.settling) return;
  const { type = 'Normal', reason, message, by } = told;
  const hash = createHash('sha256').update([uidOf(about), reason, message].join('\n'));
  const name = `${nameOf(about)}.${hash.digest('hex').slice(0, 16)}`;
  const namespace = namespaceOf(about) === '' ? 'default' : namespaceOf(about);
  const before = inside.get('Event', namespace, name);
  const now = stamp(inside.now);
  if (before !== undefined && textAt(before, 'lastTimestamp') === now) return;
  const { apiVersion, kind } = about;
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { ...before?.metadata, name, namespace },
    involvedObject: { apiVersion, kind, namespace, name: nameOf(about), uid: uidOf(about) },
    ...{ type, reason, message },
    source: { component: by },
    firstTimestamp: textAt(before, 'firstTimestamp') ?? now,
    lastTimestamp: now,
    count: numberAt(before, ['count'], 0) + 1,
  };
  if (before === undefined) inside.create('Event', event);
  else inside.put('Event', event);
}

/** Forgets what was said long ago. */
export function forgetOldEvents(inside: Inside): void {
  for (const event of inside.list('Event')) {
    if (timeAt(event, 'lastTimestamp') < inside.now - keptMs) inside.remove('Event', event);
  }
}

import { createHash } from 'node:crypto';

import { at, canonical, objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { limitsOf, replicasOf } from './deployment-limits';
import { deploymentStatus } from './deployment-status';
import { byAge } from './inside';
import type { Inside } from './inside';
import {
  annotationsOf,
  controllerReference,
  isDeleting,
  nameOf,
  namespaceOf,
  numberAt,
  withStatus,
} from './objects';
import { isOver } from './pod-facts';
import { tellEvent } from './tell-event';

const revision = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';

/** Deployments: one replica set for each template, the newest scaled up while the older ones are scaled down. */
export function runDeployments(inside: Inside): void {
  for (const deployment of inside.list('Deployment')) {
    if (!isDeleting(deployment)) roll(inside, deployment);
  }
}

function roll(inside: Inside, found: KubeObject): void {
  const paused = at(found, 'spec', 'paused') === true;
  const newest = newestOf(inside, found) ?? (paused ? undefined : makeNewest(inside, found));
  const deployment = newest === undefined ? found : withRevision(inside, found, newest);
  const sets = inside.owned('ReplicaSet', deployment);
  const current = newest && sets.find(({ metadata }) => metadata['name'] === nameOf(newest));
  const old = sets.filter((set) => set !== current).sort(byAge);
  const rollout: Rollout = { deployment, current, old, all: sets };
  if (paused) keepScale(inside, rollout);
  else if (textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate') recreate(inside, rollout);
  else rollBySteps(inside, rollout);
  inside.put('Deployment', withStatus(deployment, deploymentStatus(inside, deployment, current)));
  forget(inside, rollout);
}

interface Rollout {
  readonly deployment: KubeObject;
  /** The replica set of the template as it is now. */
  readonly current: KubeObject | undefined;
  readonly old: readonly KubeObject[];
  readonly all: readonly KubeObject[];
}

const availableOf = (set: KubeObject): number => numberAt(set, ['status', 'availableReplicas'], 0);
const sum = (sets: readonly KubeObject[], of: (set: KubeObject) => number): number =>
  sets.reduce((total, set) => total + of(set), 0);

function newestOf(inside: Inside, deployment: KubeObject): KubeObject | undefined {
  const wanted = canonical(withoutHash(objectAt(deployment, 'spec', 'template')));
  return [...inside.owned('ReplicaSet', deployment)]
    .sort(byAge)
    .find((set) => canonical(withoutHash(objectAt(set, 'spec', 'template'))) === wanted);
}

function withoutHash(template: JsonObject): JsonObject {
  return withAt(template, ['metadata', 'labels', hashLabel], undefined);
}

function makeNewest(inside: Inside, deployment: KubeObject): KubeObject {
  const template = objectAt(deployment, 'spec', 'template');
  const hash = freeHash(inside, deployment, template);
  const labels = { ...objectAt(template, 'metadata', 'labels'), [hashLabel]: hash };
  const selector = objectAt(deployment, 'spec', 'selector');
  const { minReadySeconds } = objectAt(deployment, 'spec');
  return inside.create('ReplicaSet', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      namespace: namespaceOf(deployment),
      labels,
      annotations: {
        [revision]: String(nextRevision(inside, deployment)),
        'deployment.kubernetes.io/desired-replicas': String(replicasOf(deployment)),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: 0,
      selector: withAt(selector, ['matchLabels', hashLabel], hash),
      template: withAt(template, ['metadata', 'labels'], labels),
      ...(minReadySeconds !== undefined && { minReadySeconds }),
    },
    status: { replicas: 0 },
  });
}

function freeHash(inside: Inside, deployment: KubeObject, template: JsonObject): string {
  for (let collisions = 0; ; collisions += 1) {
    const hash = hashOf(template, collisions);
    const name = `${nameOf(deployment)}-${hash}`;
    if (inside.get('ReplicaSet', namespaceOf(deployment), name) === undefined) return hash;
  }
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Ten letters that stand for a template. */
export function hashOf(template: JsonObject, collisions = 0): string {
  const digest = createHash('sha256')
    .update(`${canonical(template)}${collisions}`)
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => letters[byte % letters.length] ?? '').join('');
}

function revisionOf(object: KubeObject): number {
  return Number(annotationsOf(object)[revision] ?? 0);
}

function nextRevision(inside: Inside, deployment: KubeObject): number {
  return Math.max(0, ...inside.owned('ReplicaSet', deployment).map(revisionOf)) + 1;
}

/** Going back to an older template makes its replica set the newest revision. */
function withRevision(inside: Inside, deployment: KubeObject, newest: KubeObject): KubeObject {
  const highest = nextRevision(inside, deployment) - 1;
  const own = revisionOf(newest);
  const others = inside.owned('ReplicaSet', deployment).filter((set) => set !== newest);
  const isHighest = own > 0 && others.every((set) => revisionOf(set) < own);
  const number = String(isHighest ? own : highest + 1);
  const annotated = (object: KubeObject): KubeObject =>
    withAt(object, ['metadata', 'annotations', revision], number);
  if (!isHighest) inside.put('ReplicaSet', annotated(newest));
  return annotated(deployment);
}

function scaleTo(
  inside: Inside,
  { deployment }: Rollout,
  { set, to }: { set: KubeObject; to: number },
) {
  if (replicasOf(set) === to) return;
  const word = to > replicasOf(set) ? 'up' : 'down';
  inside.put('ReplicaSet', withAt(set, ['spec', 'replicas'], to));
  tellEvent(inside, deployment, {
    reason: 'ScalingReplicaSet',
    message: `Scaled ${word} replica set ${nameOf(set)} from ${replicasOf(set)} to ${to}`,
    by: 'deployment-controller',
  });
}

/** A paused deployment makes no new replica set; with one active, that one follows the wanted number. */
function keepScale(inside: Inside, rollout: Rollout): void {
  const active = rollout.all.filter((set) => replicasOf(set) > 0);
  const [only = rollout.current, ...more] = active;
  if (only === undefined || more.length > 0) return;
  scaleTo(inside, rollout, { set: only, to: replicasOf(rollout.deployment) });
}

function recreate(inside: Inside, rollout: Rollout): void {
  for (const set of rollout.old) scaleTo(inside, rollout, { set, to: 0 });
  const remaining = rollout.old.flatMap((set) =>
    inside.owned('Pod', set).filter((pod) => !isOver(pod)),
  );
  if (remaining.length > 0 || rollout.current === undefined) return;
  scaleTo(inside, rollout, { set: rollout.current, to: replicasOf(rollout.deployment) });
}

function rollBySteps(inside: Inside, rollout: Rollout): void {
  const { deployment, current, old, all } = rollout;
  if (current === undefined) return;
  const wanted = replicasOf(deployment);
  const { surge, unavailable } = limitsOf(deployment);
  const own = replicasOf(current);
  const room = wanted + surge - sum(all, replicasOf);
  if (own > wanted) scaleTo(inside, rollout, { set: current, to: wanted });
  else if (own < wanted && room > 0) {
    scaleTo(inside, rollout, { set: current, to: Math.min(wanted, own + room) });
  }
  if (sum(old, replicasOf) > 0) scaleDownOld(inside, rollout, wanted - unavailable);
}

function scaleDownOld(inside: Inside, rollout: Rollout, least: number): void {
  const all = inside.owned('ReplicaSet', rollout.deployment);
  const isOld = (set: KubeObject): boolean =>
    rollout.old.some((one) => nameOf(one) === nameOf(set));
  const current = all.find((set) => !isOld(set));
  const starting = current === undefined ? 0 : replicasOf(current) - availableOf(current);
  let room = sum(all, replicasOf) - least - starting;
  const left = new Map<KubeObject, number>();
  for (const set of all.filter(isOld).sort(byAge)) {
    const broken = Math.min(Math.max(0, room), replicasOf(set) - availableOf(set));
    left.set(set, replicasOf(set) - broken);
    room -= broken;
  }
  let spare = Math.min(room, sum(all, availableOf) - least);
  for (const [set, count] of left) {
    const fewer = Math.min(Math.max(0, spare), count);
    spare -= fewer;
    scaleTo(inside, rollout, { set, to: count - fewer });
  }
}

/** Old replica sets without pods go when there are more than the history keeps. */
function forget(inside: Inside, { deployment, old }: Rollout): void {
  const limit = numberAt(deployment, ['spec', 'revisionHistoryLimit'], 10);
  const empty = old.filter(
    (set) => replicasOf(set) === 0 && numberAt(set, ['status', 'replicas'], 0) === 0,
  );
  for (const set of empty.slice(0, Math.max(0, empty.length - limit))) {
    inside.delete('ReplicaSet', set);
  }
}

import { at, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import type { Inside } from './inside';
import { uidOf } from './objects';

/** Addresses of a pod: the node's own on the host network, else a free one of the pods' range. */
export function podAddress(inside: Inside, pod: KubeObject): JsonObject {
  const hostIP = textAt(pod, 'status', 'hostIP') ?? hostAddress(inside, pod);
  const known = textAt(pod, 'status', 'podIP');
  const onHost = at(pod, 'spec', 'hostNetwork') === true;
  const podIP = known ?? (onHost ? hostIP : freeAddress(inside, pod));
  return { hostIP, podIP, hostIPs: [{ ip: hostIP }], podIPs: [{ ip: podIP }] };
}

function hostAddress(inside: Inside, pod: KubeObject): string {
  const name = textAt(pod, 'spec', 'nodeName');
  const node = inside.nodes.find(({ state }) => state.name === name);
  const found = objectsAt(node?.object, 'status', 'addresses').find(
    ({ type }) => type === 'InternalIP',
  );
  return textAt(found, 'address') ?? '10.224.0.250';
}

function freeAddress(inside: Inside, pod: KubeObject): string {
  const taken = new Set(inside.list('Pod').map((one) => textAt(one, 'status', 'podIP')));
  const first = Math.floor(inside.world.seed.fraction('address', uidOf(pod)) * 60_000);
  for (let step = 0; ; step += 1) {
    const number = (first + step) % 62_000;
    const address = `10.244.${1 + Math.floor(number / 250)}.${4 + (number % 250)}`;
    if (!taken.has(address) || step > 62_000) return address;
  }
}

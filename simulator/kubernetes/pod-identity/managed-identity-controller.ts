import { at, objectAt, textAt, withAt } from '../../json';
import type { Json } from '../../json';
import { userAssignedId } from '../../providers/container-service/cluster';
import type { Resource } from '../../resource-store';
import type { Inside } from '../controllers/inside';
import {
  createdAt,
  isDeleting,
  nameOf,
  namespaceOf,
  timeAt,
  withStatus,
} from '../controllers/objects';
import { isActive, isReady } from '../controllers/pod-facts';
import type { KubeObject } from '../resource-table';
import { argumentsOf, isMic, isNamespaced, isNmi, templateOf } from './images';
import { boundIdentities, isNamespacedIdentity, specOf } from './matching';
import type { BoundIdentity } from './matching';
import { attach, carries, detach } from './scale-set-identities';

export const assignedFinalizer = 'azureassignedidentity.finalizers.aadpodidentity.k8s.io';
const kind = 'AzureAssignedIdentity';

/**
 * MIC of an open-source install in standard mode: an assigned identity for each pod and identity that a binding brings
 * together, and the identity on the scale set of the pod's node. It alone takes both away; while no pod of it is ready,
 * nothing happens.
 */
export function runManagedIdentityController(inside: Inside): void {
  const mic = inside.list('Pod').find((pod) => isMic(pod) && isReady(pod) && !isDeleting(pod));
  if (mic === undefined) return;
  const wanted = wantedAssignments(inside, mic);
  for (const [key, object] of wanted) {
    if (inside.get(kind, namespaceOf(object), nameOf(object)) === undefined) {
      inside.create(kind, object);
    } else if (key === '') continue;
  }
  for (const found of inside.list(kind)) {
    if (isDeleting(found)) release(inside, found, mic);
    else if (!wanted.has(keyOf(found))) inside.delete(kind, found);
    else assign(inside, found);
  }
}

const keyOf = (object: KubeObject): string => `${namespaceOf(object)}/${nameOf(object)}`;

function wantedAssignments(inside: Inside, mic: KubeObject): ReadonlyMap<string, KubeObject> {
  const nmi = inside.list('DaemonSet').find((set) => isNmi(templateOf(set)));
  const namespaced = isNamespaced(mic) || (nmi !== undefined && isNamespaced(templateOf(nmi)));
  const mode = { managed: false, namespaced };
  const wanted = new Map<string, KubeObject>();
  for (const pod of inside.list('Pod')) {
    if (!isActive(pod) || textAt(pod, 'spec', 'nodeName') === undefined) continue;
    for (const bound of boundIdentities(pod, mode, inside)) {
      const own = namespaced || isNamespacedIdentity(bound.identity);
      const object = assignment(pod, bound, own ? namespaceOf(pod) : 'default');
      wanted.set(keyOf(object), object);
    }
  }
  return wanted;
}

function assignment(pod: KubeObject, bound: BoundIdentity, namespace: string): KubeObject {
  const node = textAt(pod, 'spec', 'nodeName') ?? '';
  const reference = (object: KubeObject) => ({
    metadata: { name: nameOf(object), namespace: namespaceOf(object) },
    spec: objectAt(object, 'spec'),
  });
  return {
    apiVersion: 'aadpodidentity.k8s.io/v1',
    kind,
    metadata: {
      name: `${nameOf(pod)}-${namespaceOf(pod)}-${nameOf(bound.identity)}`,
      namespace,
      labels: { nodename: node, podname: nameOf(pod) },
      finalizers: [assignedFinalizer],
    },
    spec: {
      azureIdentityRef: reference(bound.identity),
      azureBindingRef: reference(bound.binding),
      pod: nameOf(pod),
      podNamespace: namespaceOf(pod),
      nodename: node,
    },
    status: { status: 'Created', availableReplicas: 1 },
  };
}

function assign(inside: Inside, found: KubeObject): void {
  if (textAt(found, 'status', 'status') === 'Assigned') return;
  const scaleSet = scaleSetFor(inside, found);
  const identity = identityOf(found);
  const has = scaleSet !== undefined && carries(scaleSet, identity);
  const due = createdAt(found) + waits(inside, found);
  if (!has && due > inside.now && !inside.settling) {
    inside.wakeAt(due);
    return;
  }
  if (scaleSet !== undefined && !has) {
    inside.world.resources.put(attach(scaleSet, identity, inside.world));
  }
  inside.put(kind, withStatus(found, { status: 'Assigned' }));
}

function release(inside: Inside, found: KubeObject, mic: KubeObject): void {
  const due = timeAt(found.metadata, 'deletionTimestamp') + waits(inside, found);
  const scaleSet = scaleSetFor(inside, found);
  const identity = identityOf(found);
  const frees = scaleSet !== undefined && carries(scaleSet, identity) && isFree(inside, found, mic);
  if (frees && due > inside.now && !inside.settling) {
    inside.wakeAt(due);
    return;
  }
  if (frees) inside.world.resources.put(detach(scaleSet, identity));
  const finalizers = (found.metadata['finalizers'] ?? []) as readonly Json[];
  const left = finalizers.filter((one) => one !== assignedFinalizer);
  if (left.length === 0) inside.remove(kind, found);
  else inside.put(kind, withAt(found, ['metadata', 'finalizers'], left));
}

/** Whether MIC may take an identity off: nobody uses it there, and it is neither the cluster's own nor immutable. */
function isFree(inside: Inside, found: KubeObject, mic: KubeObject): boolean {
  const identity = identityOf(found).toLowerCase();
  const scaleSet = scaleSetFor(inside, found)?.id;
  const used = inside
    .list(kind)
    .some(
      (other) =>
        !isDeleting(other) &&
        identityOf(other).toLowerCase() === identity &&
        scaleSetFor(inside, other)?.id === scaleSet,
    );
  if (used) return false;
  const clientId = specOf(objectAt(found, 'spec', 'azureIdentityRef'), 'clientID').toLowerCase();
  const kept = [...ownIdentities(inside), ...immutable(mic)].map((one) => one.toLowerCase());
  return !kept.includes(identity) && !kept.includes(clientId);
}

function ownIdentities({ cluster }: Inside): readonly string[] {
  const kubelet = at(cluster, 'properties', 'identityProfile', 'kubeletidentity', 'resourceId');
  return [kubelet, userAssignedId(cluster)].filter((id) => typeof id === 'string');
}

function immutable(mic: KubeObject): readonly string[] {
  return argumentsOf(mic).flatMap((one) =>
    one.startsWith('--immutable-user-msis=') ? (one.split('=')[1] ?? '').split(',') : [],
  );
}

function identityOf(found: KubeObject): string {
  return specOf(objectAt(found, 'spec', 'azureIdentityRef'), 'resourceID');
}

function scaleSetFor({ nodes, world }: Inside, found: KubeObject): Resource | undefined {
  const name = textAt(found, 'spec', 'nodename');
  const node = nodes.find(({ state }) => state.name === name);
  return node && world.resources.get(node.state.scaleSet);
}

function waits(inside: Inside, found: KubeObject): number {
  return inside.secondsOf(found, inside.world.behaviour.kubernetes.micSeconds) * 1000;
}

import { objectAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import type { World } from '../../world';
import { annotationsOf, labelsOf, nameOf, namespaceOf, resourceOf } from '../controllers/objects';
import type { KubeObject } from '../resource-table';

export interface BoundIdentity {
  readonly identity: KubeObject;
  readonly binding: KubeObject;
  readonly clientId: string;
  readonly resourceId: string;
}

export interface Mode {
  /** NMI finds identities by itself; else MIC assigns them. */
  readonly managed: boolean;
  readonly namespaced: boolean;
}

/** The identities that are bound to a pod, in the order in which pod identity finds them. */
export function boundIdentities(
  pod: KubeObject,
  mode: Mode,
  { cluster, world }: { readonly cluster: { readonly id: string }; readonly world: World },
): readonly BoundIdentity[] {
  const label = labelsOf(pod)['aadpodidbinding'];
  if (typeof label !== 'string' || label === '') return [];
  const inOne = mode.managed || mode.namespaced;
  const namespace = inOne ? namespaceOf(pod) : undefined;
  const resource = resourceOf.AzureIdentityBinding;
  const bindings = world.objects
    .list({ cluster: cluster.id, resource, namespace })
    .filter((one) => specOf(one, 'selector') === label);
  const taken = new Set<string>();
  return bindings.flatMap((binding) => {
    const identity = world.objects.get({
      cluster: cluster.id,
      resource: resourceOf.AzureIdentity,
      namespace: namespaceOf(binding),
      name: specOf(binding, 'azureIdentity'),
    });
    if (identity === undefined || !counts(identity, binding, { pod, mode })) return [];
    if (!mode.managed && taken.has(nameOf(identity))) return [];
    taken.add(nameOf(identity));
    const clientId = specOf(identity, 'clientID');
    return [{ identity, binding, clientId, resourceId: specOf(identity, 'resourceID') }];
  });
}

const wellFormed =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i;

function counts(
  identity: KubeObject,
  binding: KubeObject,
  { pod, mode }: { readonly pod: KubeObject; readonly mode: Mode },
): boolean {
  if (mode.managed) return true;
  const type = objectAt(identity, 'spec')['type'] ?? 0;
  if (type === 0 && !wellFormed.test(specOf(identity, 'resourceID'))) return false;
  if (!isNamespacedIdentity(identity) && !mode.namespaced) return true;
  return [binding, pod].every((one) => namespaceOf(one) === namespaceOf(identity));
}

export function isNamespacedIdentity(identity: KubeObject): boolean {
  const behaviour = textAt(annotationsOf(identity), 'aadpodidentity.k8s.io/Behavior');
  return behaviour?.toLowerCase() === 'namespaced';
}

/** A member of a spec; before release 1.6 their names began with a capital. */
export function specOf(object: JsonObject, member: string): string {
  const spec = objectAt(object, 'spec');
  const old = `${member.slice(0, 1).toUpperCase()}${member.slice(1)}`;
  const found: Json | undefined = spec[member] ?? spec[old];
  return typeof found === 'string' ? found : '';
}

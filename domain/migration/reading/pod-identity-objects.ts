import { objectAt, textIn } from '../json';
import type { Json } from '../snapshot';
import { podIdentityGroup } from '../words';
import { allOf, namespacedName } from './kubernetes-objects';
import type { KubernetesObject, KubernetesState } from './kubernetes-objects';
import { listIn, textsIn } from './values';

/** An AzureIdentity object. */
export interface PodIdentity {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** 0 for a managed identity; a service principal, or what nobody knows, otherwise. */
  readonly type: number;
  readonly resourceId: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly auxiliaryTenants: boolean;
  /** Whether it asks to be used in its own namespace only. */
  readonly namespaced: boolean;
}

/** An AzureIdentityBinding object. */
export interface Binding {
  readonly key: string;
  readonly namespace: string;
  readonly identity: string;
  readonly selector: string;
}

/** An AzurePodIdentityException object: pods with one of the labels are not intercepted. */
export interface PodException {
  readonly key: string;
  readonly namespace: string;
  readonly podLabels: ReadonlyMap<string, string>;
}

export function podIdentities(state: KubernetesState): readonly PodIdentity[] {
  return allOf(state, `${podIdentityGroup}/AzureIdentity`).map(readIdentity);
}

/** Sorted by namespace and name, as pod identity sorts them. */
export function bindings(state: KubernetesState): readonly Binding[] {
  return allOf(state, `${podIdentityGroup}/AzureIdentityBinding`).map((object) => ({
    key: namespacedName(object),
    namespace: object.namespace,
    identity: eitherSpelling(object, 'azureIdentity'),
    selector: eitherSpelling(object, 'selector'),
  }));
}

export function podExceptions(state: KubernetesState): readonly PodException[] {
  return allOf(state, `${podIdentityGroup}/AzurePodIdentityException`).map((object) => {
    const spec = objectAt(object.body, 'spec');
    return {
      key: namespacedName(object),
      namespace: object.namespace,
      podLabels: textsIn(spec['podLabels'] ?? spec['PodLabels']),
    };
  });
}

/** Whether anything of pod identity is left in the cluster. */
export function hasPodIdentityObjects(state: KubernetesState): boolean {
  return [...state.byKind.keys()].some((kind) => kind.startsWith(`${podIdentityGroup}/`));
}

function readIdentity(object: KubernetesObject): PodIdentity {
  const spec = objectAt(object.body, 'spec');
  const { namespace, name, annotations } = object;
  return {
    key: namespacedName(object),
    namespace,
    name,
    type: typeOf(spec),
    resourceId: eitherSpelling(object, 'resourceID'),
    clientId: eitherSpelling(object, 'clientID'),
    tenantId: eitherSpelling(object, 'tenantID'),
    auxiliaryTenants: listIn(spec['auxiliaryTenantIDs'] ?? spec['AuxiliaryTenantIDs']).length > 0,
    namespaced: annotations.get('aadpodidentity.k8s.io/Behavior') === 'namespaced',
  };
}

/** Absent is 0, as pod identity reads it; what is no number is not taken for a managed identity. */
function typeOf(spec: Json): number {
  const type = spec['type'] ?? spec['Type'] ?? 0;
  return typeof type === 'number' ? type : NaN;
}

/** Members began with a capital letter before release 1.6. */
function eitherSpelling({ body }: KubernetesObject, member: string): string {
  const spec = objectAt(body, 'spec');
  const old = `${member.slice(0, 1).toUpperCase()}${member.slice(1)}`;
  return textIn(spec[member]) || textIn(spec[old]);
}

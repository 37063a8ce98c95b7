import { getCluster } from '../../clients/clusters';
import { podIdentityFeature } from '../../domain/policy';
import { roles } from '../../domain/roles/built-in-roles';
import type { Role } from '../../domain/roles/built-in-roles';
import type { TestAzure } from '../activities/support/azure';
import { armId, clusterId, controlPlanePrincipal, subscriptionId } from './clusters';

type Json = Readonly<Record<string, unknown>>;
type Profile = Readonly<
  Partial<Record<'userAssignedIdentities' | 'userAssignedIdentityExceptions', readonly Json[]>>
> &
  Json;

const [namespace = '', flag = ''] = podIdentityFeature.split('/');
const place = (name: string, ns: string) => (one: Json) =>
  one['name'] === name && one['namespace'] === ns;

/**
 * What `az` sends for the commands that Microsoft documents for pod-managed identities: read the cluster, edit the
 * profile, write the whole cluster. An oracle for what Steward does in their place.
 */
export function documentedCommands(azure: TestAzure) {
  const { clients } = azure;

  async function update(edit: (profile: Profile) => Json): Promise<void> {
    const { body } = await getCluster(clients, clusterId);
    const arm = await clients.arm(subscriptionId);
    const properties = body['properties'] as { readonly podIdentityProfile?: Profile };
    const podIdentityProfile = edit(properties.podIdentityProfile ?? {});
    const written = { ...body, properties: { ...properties, podIdentityProfile } };
    await arm({ method: 'PUT', path: armId, apiVersion: '2026-06-01', body: written });
    azure.advanceMinutes(10);
  }

  const identities = (profile: Profile) => profile.userAssignedIdentities ?? [];
  const exceptions = (profile: Profile) => profile.userAssignedIdentityExceptions ?? [];
  return {
    /** `az feature register`, then `az provider register`. */
    async register() {
      const { features } = await clients.features(subscriptionId);
      await features.register(namespace, flag);
      azure.advanceMinutes(30);
      const { providers } = await clients.resources(subscriptionId);
      await providers.register(namespace);
      azure.advanceMinutes(30);
    },
    /** `az feature unregister`, then `az provider register`. */
    async unregister() {
      const { features } = await clients.features(subscriptionId);
      await features.unregister(namespace, flag);
      azure.advanceMinutes(30);
      const { providers } = await clients.resources(subscriptionId);
      await providers.register(namespace);
      azure.advanceMinutes(30);
    },
    /** `az aks update --enable-pod-identity [--enable-pod-identity-with-kubenet]`. */
    enable: (kubenet = false) =>
      update((profile) => ({
        ...profile,
        enabled: true,
        ...(kubenet && { allowNetworkPluginKubenet: true }),
      })),
    /** `az aks update --disable-pod-identity`. */
    disable: () => update(() => ({ enabled: false })),
    /** `az aks pod-identity add`: the role first, then the entry. */
    async add(entry: { name: string; namespace: string; selector?: string; identity: Json }) {
      const { name, namespace: ns, selector, identity } = entry;
      const scope = identity['resourceId'] as string;
      await assign(azure, {
        role: 'Managed Identity Operator',
        scope,
        principalId: controlPlanePrincipal,
      });
      azure.advanceMinutes(10);
      const added = {
        name,
        namespace: ns,
        ...(selector !== undefined && { bindingSelector: selector }),
        identity,
      };
      await update((profile) => ({
        ...profile,
        userAssignedIdentities: [...identities(profile), added],
      }));
    },
    /** `az aks pod-identity delete`. */
    remove: (name: string, ns: string) =>
      update((profile) => ({
        ...profile,
        userAssignedIdentities: identities(profile).filter((one) => !place(name, ns)(one)),
      })),
    /** `az aks pod-identity exception add`. */
    addException: (name: string, ns: string, podLabels: Json) =>
      update((profile) => ({
        ...profile,
        userAssignedIdentityExceptions: [
          ...exceptions(profile),
          { name, namespace: ns, podLabels },
        ],
      })),
    /** `az aks pod-identity exception update`. */
    updateException: (name: string, ns: string, podLabels: Json) =>
      update((profile) => ({
        ...profile,
        userAssignedIdentityExceptions: exceptions(profile).map((one) =>
          place(name, ns)(one) ? { ...one, podLabels } : one,
        ),
      })),
    /** `az aks pod-identity exception delete`. */
    removeException: (name: string, ns: string) =>
      update((profile) => ({
        ...profile,
        userAssignedIdentityExceptions: exceptions(profile).filter((one) => !place(name, ns)(one)),
      })),
  };
}

/** `az role assignment create`. */
export async function assign(
  { clients }: TestAzure,
  {
    role,
    scope,
    principalId,
  }: { readonly role: Role; readonly scope: string; readonly principalId: string },
  name = crypto.randomUUID(),
): Promise<void> {
  const { roleAssignments } = await clients.authorization(subscriptionId);
  await roleAssignments.create(scope.slice(1), name, {
    roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
    principalId,
    principalType: 'ServicePrincipal',
  });
}

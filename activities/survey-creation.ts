import type { Clients } from '../clients';
import { readArm } from '../clients/arm-errors';
import { aksApiVersion } from '../clients/clusters';
import type { CreationSpec } from '../domain/creation-spec';
import { targetIdentityId, targetKubeletId } from '../domain/identities/target-identity';
import { creationPolicy, neededGroups, wouldBe } from '../domain/plan/creation';
import type { CreationSurroundings } from '../domain/plan/creation';
import type { Policy } from '../domain/policy';
import { sameArmId } from '../domain/ids';
import { groupOf, subscriptionOf } from '../domain/roles/matrix-row';
import { nothingAround } from '../domain/snapshot';
import { defineActivity } from './activity';
import { mitigationOf } from './readings/mitigation';
import { readAssignments } from './readings/assignments';
import { readFeatures } from './readings/features';
import { readIdentity } from './readings/identities';
import { registryModes } from './readings/registries';
import { networksWithOwnDns } from './readings/subnets';

export interface SurveyCreationInput {
  readonly spec: CreationSpec;
  readonly policy: Policy;
  /** ISO time. */
  readonly asOf: string;
}

const groupApiVersion = '2024-03-01';
const networkApiVersion = '2024-05-01';

/** Reads what is there already of everything that a new cluster needs. No change. */
export const surveyCreation = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.Resources/subscriptions/resourceGroups/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.Features/providers/features/read',
    'Microsoft.ContainerRegistry/registries/read',
    'Microsoft.Network/virtualNetworks/read',
    'Microsoft.Network/virtualNetworks/subnets/read',
    'Microsoft.Authorization/policyAssignments/read',
    'Microsoft.Authorization/policyExemptions/read',
  ],
  async (
    { spec, policy, asOf }: SurveyCreationInput,
    { clients },
  ): Promise<CreationSurroundings> => {
    const facts = wouldBe(spec, policy);
    const own = creationPolicy(spec, policy);
    const ids = { cp: targetIdentityId(facts, own), kubelet: targetKubeletId(facts, own) };
    const { subnetId } = spec.network;
    const [exists, missingGroups, identity, kubelet, features, registries, ownDns, subnet] =
      await Promise.all([
        isThere(clients, { path: spec.cluster, apiVersion: aksApiVersion }),
        groupsThatAreMissing(clients, neededGroups(spec, own)),
        spec.controlPlane === 'userAssigned' ? readIdentity(clients, ids.cp) : undefined,
        spec.kubelet === 'own' ? readIdentity(clients, ids.kubelet) : undefined,
        readFeatures(clients, facts, own),
        registryModes(clients, facts, own),
        networksWithOwnDns(clients, facts),
        subnetId === undefined ||
          isThere(clients, { path: subnetId, apiVersion: networkApiVersion }),
      ]);
    const read = {
      exists,
      missingGroups,
      features,
      registries,
      ...(!subnet && subnetId !== undefined && { missingSubnet: subnetId }),
      ...(await mitigationFor(clients, spec, { missingGroups, asOf })),
      ...(ownDns && { networksWithOwnDns: ownDns }),
      ...(identity && { targetIdentity: identity }),
      ...(kubelet && { targetKubelet: kubelet }),
    };
    const snapshot = { ...facts, ...nothingAround, ...read };
    return { ...read, ...(await readAssignments(clients, snapshot, own)) };
  },
);

/**
 * Somebody has to keep pods under kubenet with the add-on from using NET_RAW: by a policy that is assigned to what the
 * cluster will be in, or above.
 */
async function mitigationFor(
  clients: Clients,
  { network, podIdentity, cluster }: CreationSpec,
  { missingGroups, asOf }: { readonly missingGroups: readonly string[]; readonly asOf: string },
): Promise<Pick<CreationSurroundings, 'mitigation'>> {
  if (network.mode !== 'kubenet' || podIdentity?.consentKubenet !== true) return {};
  const group = groupOf(cluster);
  const isMissing = missingGroups.some((one) => sameArmId(one, group));
  const scope = isMissing ? subscriptionOf(cluster) : group;
  return { mitigation: await mitigationOf(clients, scope, { policyAddOn: true, asOf }) };
}

async function isThere(
  clients: Clients,
  { path, apiVersion }: { readonly path: string; readonly apiVersion: string },
): Promise<boolean> {
  const arm = await clients.arm(path.split('/')[2] ?? '');
  const answer = await readArm(path, () => arm({ method: 'GET', path, apiVersion }));
  return answer !== undefined;
}

async function groupsThatAreMissing(
  clients: Clients,
  groups: readonly string[],
): Promise<readonly string[]> {
  const there = await Promise.all(
    groups.map((path) => isThere(clients, { path, apiVersion: groupApiVersion })),
  );
  return groups.filter((_group, index) => there[index] === false);
}

import * as z from 'zod';

import { flag, list, text } from '../lenient';

// Lenient on purpose: only what Steward reads, and Azure may leave out or null any of it.
/** A nested object that may be missing: then as if it were there, with nothing in it. */
const part = <S extends z.ZodRawShape>(shape: S) => {
  const schema = z.object(shape);
  return schema.nullish().transform((value) => value ?? schema.parse({}));
};
const linked = z.object({ id: text });

const AgentPool = z.object({
  name: text,
  mode: text,
  osType: text,
  type: text,
  count: z
    .number()
    .nullish()
    .transform((value) => value ?? 0),
  provisioningState: text,
  powerState: part({ code: text }),
  nodeImageVersion: text,
  vnetSubnetID: text,
  podSubnetID: text,
  nodePublicIPPrefixID: text,
  capacityReservationGroupID: text,
  hostGroupID: text,
});

const Identity = part({ resourceId: text, objectId: text, clientId: text });

const PodIdentity = z.object({
  name: text,
  namespace: text,
  provisioningState: text,
  identity: Identity,
});

const AddOnProfile = part({
  enabled: flag,
  identity: Identity,
  config: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? {}),
});

const Properties = z.object({
  provisioningState: text,
  powerState: part({ code: text }),
  kubernetesVersion: text,
  currentKubernetesVersion: text,
  nodeResourceGroup: text,
  nodeResourceGroupProfile: part({ restrictionLevel: text }),
  resourceUID: text,
  servicePrincipalProfile: part({ clientId: text }),
  identityProfile: part({ kubeletidentity: Identity }),
  agentPoolProfiles: list(AgentPool),
  podIdentityProfile: part({ enabled: flag, userAssignedIdentities: list(PodIdentity) }),
  addonProfiles: z
    .record(z.string(), AddOnProfile)
    .nullish()
    .transform((value) => value ?? {}),
  ingressProfile: part({
    webAppRouting: part({
      enabled: flag,
      dnsZoneResourceIds: list(text),
      identity: Identity,
      nginx: part({ defaultIngressControllerType: text }),
    }),
  }),
  aadProfile: z
    .object({ managed: flag, enableAzureRBAC: flag, clientAppID: text, serverAppID: text })
    .nullish(),
  disableLocalAccounts: flag,
  enableRBAC: z
    .boolean()
    .nullish()
    .transform((value) => value ?? true),
  oidcIssuerProfile: part({ enabled: flag, issuerURL: text }),
  networkProfile: part({
    networkPlugin: text,
    outboundType: text,
    loadBalancerProfile: part({
      outboundIPs: part({ publicIPs: list(linked) }),
      outboundIPPrefixes: part({ publicIPPrefixes: list(linked) }),
    }),
  }),
  apiServerAccessProfile: part({
    enablePrivateCluster: flag,
    privateDNSZone: text,
    enableVnetIntegration: flag,
    subnetId: text,
  }),
  hostedSystemProfile: part({ enabled: flag, systemNodeSubnetID: text, nodeSubnetID: text }),
  diskEncryptionSetID: text,
  securityProfile: part({
    azureKeyVaultKms: part({
      enabled: flag,
      keyId: text,
      keyVaultNetworkAccess: text,
      keyVaultResourceId: text,
    }),
  }),
  bootstrapProfile: part({ containerRegistryId: text }),
});

/** A managed cluster as ARM sends it: the members that Steward reads. */
export const ArmCluster = z.object({
  id: z.string(),
  name: text,
  location: text,
  tags: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? {}),
  identity: part({
    type: text,
    principalId: text,
    userAssignedIdentities: z
      .record(z.string(), part({ principalId: text }))
      .nullish()
      .transform((value) => value ?? {}),
  }),
  properties: Properties,
});
export type ArmCluster = z.infer<typeof ArmCluster>;
export type ArmAgentPool = z.infer<typeof AgentPool>;
export type ArmIdentity = z.infer<typeof Identity>;

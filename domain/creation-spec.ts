import * as z from 'zod';

import { accepting } from './pod-identity/change';

const armId = (type: string) =>
  z
    .string()
    .regex(new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${type}/`, 'i'), {
      error: `must be the ARM id of a resource of type ${type}`,
    });

const subnetId = z
  .string()
  .regex(
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i,
    { error: 'must be the ARM id of a subnet' },
  );

const Pool = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9]{0,11}$/, {
    error: 'must be up to 12 small letters and digits, a letter first',
  }),
  mode: z.enum(['System', 'User']).default('System'),
  count: z.int().min(1).max(1000).default(3),
  vmSize: z.string().min(1),
  osSKU: z.enum(['Ubuntu', 'AzureLinux']).default('Ubuntu'),
  zones: z.array(z.enum(['1', '2', '3'])).default([]),
});

/** A cluster that is to be created, with the right identities from the start. */
export const CreationSpec = z
  .strictObject({
    /** ARM id that the cluster is to have. */
    cluster: armId('Microsoft\\.ContainerService/managedClusters'),
    location: z.string().regex(/^[a-z0-9]+$/, { error: "must look like 'westeurope'" }),
    controlPlane: z.enum(['userAssigned', 'systemAssigned']).default('userAssigned'),
    kubelet: z.enum(['managed', 'own']).default('managed'),
    kubernetesVersion: z
      .string()
      .regex(/^\d+\.\d+(\.\d+)?$/)
      .optional(),
    dnsPrefix: z
      .string()
      .regex(/^[a-zA-Z0-9][-a-zA-Z0-9]{0,52}[a-zA-Z0-9]$/)
      .optional(),
    pools: z.array(Pool).min(1).max(100),
    network: z
      .strictObject({
        /** Subnet of the nodes; AKS makes a network where there is none. */
        subnetId: subnetId.optional(),
        /** Azure CNI: pods in an overlay, or in the subnet of the nodes; or kubenet, which is on its way out. */
        mode: z.enum(['overlay', 'nodeSubnet', 'kubenet']).default('overlay'),
        podCidr: z.cidrv4().optional(),
        serviceCidr: z.cidrv4().optional(),
        dnsServiceIP: z.ipv4().optional(),
        outboundType: z.enum(['loadBalancer', 'userDefinedRouting']).default('loadBalancer'),
      })
      .prefault({}),
    /** A private API server, in a DNS zone of yours or in one that AKS makes. */
    privateCluster: z
      .strictObject({
        dnsZoneId: armId('Microsoft\\.Network/privateDnsZones').optional(),
      })
      .optional(),
    /** Who may sign in: people and workloads of Microsoft Entra with Azure roles, or whoever has the certificate. */
    access: z.enum(['entra', 'localAccounts']).default('entra'),
    /** The deprecated add-on, for teams that must still run it. */
    podIdentity: z.preprocess(
      (value) => (value === false ? undefined : value),
      z.strictObject(accepting).optional(),
    ),
    tags: z.record(z.string().min(1).max(512), z.string().max(256)).default({}),
  })
  .refine(({ kubelet, controlPlane }) => kubelet === 'managed' || controlPlane === 'userAssigned', {
    path: ['kubelet'],
    error: 'an identity of your own for the nodes needs a user-assigned control plane',
  })
  .refine(({ pools }) => pools.some(({ mode }) => mode === 'System'), {
    path: ['pools'],
    error: 'need a pool of mode System',
  })
  .refine(({ pools }) => new Set(pools.map(({ name }) => name)).size === pools.length, {
    path: ['pools'],
    error: 'must have different names',
  });
export type CreationSpec = z.infer<typeof CreationSpec>;

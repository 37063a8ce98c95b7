import { z } from 'zod';

const share = z.number().min(0).max(1);

/** How a made-up fleet is composed. Shares are fractions of all clusters, dealt out by the seed. */
export const FleetShape = z.strictObject({
  clusters: z.int().min(0).max(20_000),
  subscriptions: z.int().min(1).max(500).default(3),
  /** Managed identity, roles in place, newest images: nothing to do. */
  clean: share.default(0.15),
  /** Managed identity, but the nodes still use the service principal. */
  halfMigrated: share.default(0.08),
  /** Nodes in a subnet of a shared virtual network; the rest in one that AKS made. */
  ownSubnet: share.default(0.5),
  /** Of the clusters with an own subnet: kubenet with a route table. */
  ownRouteTable: share.default(0.3),
  /** Pod-identity add-on with nothing but identities that are gone. */
  deadPodIdentity: share.default(0.2),
  /** Pod-identity add-on in use; only clusters with a managed identity. */
  livePodIdentity: share.default(0.05),
  /** Stopped, which no write gets past. */
  stopped: share.default(0),
  /** In a resource group with a read-only lock. */
  locked: share.default(0),
  /** In a resource group where policy denies cluster writes. */
  denied: share.default(0),
  /** In a region without a core left, so that rolls fail. */
  overQuota: share.default(0),
  /** Without Microsoft Entra: with accounts and certificates of their own. */
  localAccounts: share.default(0),
  /** Preview features that are on offer but not registered. */
  unregisteredFeatures: z.array(z.string()).default(['AKS-PrometheusAddonPreview']),
});
export type FleetShape = z.output<typeof FleetShape>;

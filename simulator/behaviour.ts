import { z } from 'zod';

import { cloudSettings } from './cloud-settings';
import { directorySettings } from './directory/settings';
import { resourceGraphSettings } from './resource-graph/settings';
import { assignmentSettings } from './providers/authorization/assignment-settings';
import { CredentialSettings } from './providers/managed-identity/credential-settings';
import { Rights } from './rights/settings';
import { ThrottlingSettings } from './throttling/settings';
import { ClusterSettings } from './kubernetes/settings';

/** How the simulated Azure behaves where the real one varies, is slow, or is not documented. */
export const Behaviour = z.strictObject({
  /** What a node image upgrade does to a pool that already has the newest image. */
  alreadyCurrent: z.enum(['no-op', 'reimage']).default('no-op'),
  /** Whether the switch to a system-assigned identity re-images all pools by itself. */
  systemAssignedReimages: z.boolean().default(false),
  /** From a role assignment to its effect. */
  roleEffectMinutes: z.number().min(0).default(3),
  /** From an identity's creation until Graph and role assignments without a principal type find it. */
  directoryMinutes: z.number().min(0).default(1),
  featureMinutes: z.number().min(0).default(6),
  providerMinutes: z.number().min(0).default(2),
  clusterWriteMinutes: z
    .strictObject({ least: z.number().min(0), most: z.number().min(0) })
    .default({ least: 4, most: 6 }),
  poolRollMinutes: z
    .strictObject({ base: z.number().min(0), perBatch: z.number().min(0) })
    .default({ base: 5, perBatch: 4 }),
  /** Newest node image by family, or by `region/family` for a region that is ahead or behind. */
  images: z.record(z.string(), z.string()).default({}),
  /** Simulated seconds that polls of a running operation are asked to wait; 0: no `Retry-After`. */
  pollSeconds: z.int().min(0).default(30),
  rights: Rights.default('open'),
  credentials: CredentialSettings.prefault({}),
  /** The limits of ARM and its providers on the number of requests. */
  throttling: ThrottlingSettings.prefault({}),
  /** Rows of a list answer before there is a next link. */
  pageSize: z.int().min(1).default(100),
  ...resourceGraphSettings,
  ...cloudSettings,
  ...directorySettings,
  ...assignmentSettings,
  /** What a cluster PUT does to members that it does not name. */
  clusterPut: z.enum(['merge', 'replace']).default('merge'),
  /** Clusters from inside. */
  kubernetes: ClusterSettings.prefault({}),
});
export type Behaviour = z.infer<typeof Behaviour>;

export const defaultBehaviour: Behaviour = Behaviour.parse({});

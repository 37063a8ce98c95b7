import { z } from 'zod';

import { lifeSettings } from './life-settings';

/** How clusters look from inside where they differ, or where what ARM says and what nodes are should part. */
export const ClusterSettings = z.strictObject({
  /** Whether the API server of a private cluster is reachable; where not, only `runCommand` is left. */
  privateClusters: z.enum(['unreachable', 'reachable']).default('unreachable'),
  /** Object ids that the API server knows but allows nothing. */
  forbidden: z.array(z.string()).default([]),
  /** Whether a node registers anew after it was imaged, or keeps its uid. */
  reimagedNode: z.enum(['new-uid', 'same-uid']).default('new-uid'),
  /** Whether imaging a node gives it a new boot id. */
  reimageReboots: z.boolean().default(true),
  /** Nodes of a pool that keep their old image although the roll succeeds and ARM names the new one. */
  rollKeepsOld: z.int().min(0).default(0),
  /** Nodes of a pool that are NotReady after a roll that succeeded. */
  rollLeavesNotReady: z.int().min(0).default(0),
  /** Nodes of a pool that stay cordoned after a roll that succeeded. */
  rollLeavesCordoned: z.int().min(0).default(0),
  /** How long a continue token of a list holds before it is answered by 410. */
  continueMinutes: z.number().min(0).default(5),
  /** How many API servers listen at once; the one unused longest gives up its port for another. */
  openEndpoints: z.int().min(1).default(200),
  ...lifeSettings,
});
export type ClusterSettings = z.infer<typeof ClusterSettings>;

import * as z from 'zod';

const byWorkload = <T extends z.ZodType>(value: T) => z.record(z.string(), value).default({});

/** What a person may say about a migration. Workloads are named `namespace/Kind/name`. Unknown keys are refused. */
export const MigrationOptions = z.strictObject({
  /** How the pods of a workload get tokens: by a supporting SDK, or from the metadata endpoint. */
  authMode: byWorkload(z.enum(['sdk', 'imds'])),
  authModeDefault: z.enum(['auto', 'sdk', 'imds']).default('auto'),
  /** Name of the AzureIdentity that a workload with several uses by default. */
  defaultIdentity: byWorkload(z.string()),
  serviceAccountStrategy: z.enum(['auto', 'keep']).default('auto'),
  requireManagedIdentity: z.boolean().default(true),
  allowApplicationFederation: z.boolean().default(false),
  /**
   * Regions whose managed identities cannot have federated credentials. Source of the default: "Important
   * considerations and restrictions for federated identity credentials"; the list there changes.
   */
  regionsWithoutFederation: z.array(z.string()).default(['malaysiasouth', 'newzealandnorth']),
  soakHours: z.number().min(24).default(24),
  /** How much longer is waited for jobs that run seldom and for patches that somebody is to merge. */
  patienceHours: z.number().min(0).max(720).default(168),
  maxParallel: z.int().min(1).default(4),
  proofScope: z.string().optional(),
  probeImage: z.string().optional(),
});
export type MigrationOptions = z.infer<typeof MigrationOptions>;

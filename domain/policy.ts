import * as z from 'zod';

/** `Microsoft.ContainerService/EnablePodIdentityPreview`: a resource provider and its flag. */
export const FeatureName = z.string().regex(/^[A-Za-z]+\.[A-Za-z.]+\/[-\w]+$/, {
  message: "must look like 'Microsoft.ContainerService/EnablePodIdentityPreview'",
});

/** The flag of the deprecated pod-identity add-on. */
export const podIdentityFeature = 'Microsoft.ContainerService/EnablePodIdentityPreview';

/** What fleet owners ask for. Unknown keys are errors; defaults are careful. */
export const Policy = z.strictObject({
  identity: z
    .strictObject({
      /** What a service-principal cluster is moved to; clusters with a managed identity stay as they are. */
      controlPlane: z.enum(['userAssigned', 'systemAssigned']).default('userAssigned'),
      /** Name of the identity to create; `{cluster}` stands for the cluster's name. */
      name: z
        .string()
        .regex(/^[-\w{}]{3,100}$/)
        .default('id-{cluster}-cp'),
      /** Where to create it; the cluster's own resource group if left out. */
      resourceGroup: z.string().optional(),
    })
    .prefault({}),
  roles: z
    .strictObject({
      /** ARM ids of container registries every cluster pulls from. */
      registries: z.array(z.string().startsWith('/subscriptions/')).default([]),
      /**
       * Minutes to wait after a new role assignment before something depends on it. Azure documents
       * up to 10 for role assignments in general and up to 60 for the identity of a cluster.
       */
      settleMinutes: z.number().int().min(0).max(120).default(10),
    })
    .prefault({}),
  features: z
    .strictObject({
      required: z.array(FeatureName).default([]),
      /** Unregistered as soon as no cluster of the subscription uses them. */
      forbidden: z.array(FeatureName).default([podIdentityFeature]),
    })
    .prefault({}),
  /** How many clusters of one request are changed at the same time. */
  clustersAtOnce: z.number().int().min(1).max(100).default(5),
});
export type Policy = z.infer<typeof Policy>;

/**
 * @param text JSON, or nothing for the defaults.
 * @throws Error that names the misspelt or wrong key.
 */
export function parsePolicy(text: string | undefined): Policy {
  let value: unknown = {};
  try {
    if (text !== undefined && text.trim() !== '') value = JSON.parse(text);
  } catch (error) {
    throw new Error(`the policy is not JSON: ${String(error)}`, { cause: error });
  }
  const parsed = Policy.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new Error(`the policy is wrong${where && ` at '${where}'`}: ${issue?.message ?? ''}`);
}

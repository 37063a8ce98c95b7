import * as z from 'zod';

import type { RolePolicy } from './roles/matrix-row';

/** `Microsoft.ContainerService/EnablePodIdentityPreview`: a resource provider and its flag. */
export const FeatureName = z.string().regex(/^[A-Za-z]+\.[A-Za-z.]+\/[-\w]+$/, {
  message: "must look like 'Microsoft.ContainerService/EnablePodIdentityPreview'",
});

/** The flag of the deprecated pod-identity add-on. */
export const podIdentityFeature = 'Microsoft.ContainerService/EnablePodIdentityPreview';

const identityName = z.string().regex(/^[-\w{}]{3,100}$/);
const armId = z
  .string()
  .regex(/^\/subscriptions\//i, { error: "must begin with '/subscriptions/'" });

/** What fleet owners ask for. Unknown keys are errors; defaults are careful. */
export const Policy = z.strictObject({
  identity: z
    .strictObject({
      /**
       * What every cluster is to have. `any`: a managed identity stays what it is, and a service principal
       * becomes user-assigned, since only then all rights can exist before the identity is used.
       */
      controlPlane: z.enum(['any', 'userAssigned', 'systemAssigned']).default('any'),
      /** Name of the identity to create; `{cluster}` stands for the cluster's name. */
      name: identityName.default('id-{cluster}-cp'),
      /** `own`: nodes get an identity of yours, which exists before the cluster uses it. */
      kubelet: z.enum(['managed', 'own']).default('managed'),
      kubeletName: identityName.default('id-{cluster}-kubelet'),
      /** Where to create identities; the cluster's own resource group if left out. */
      resourceGroup: z.string().optional(),
      /**
       * What becomes of a service-principal cluster whose pools have the newest image already: a re-image
       * to the same image may change nothing.
       */
      withoutNewerImage: z.enum(['wait', 'switch']).default('wait'),
      /** Also replaces a user-assigned identity that is not the one named here. */
      replaceExisting: z.boolean().default(false),
      /**
       * Whether a system-assigned identity is a demand: then it also takes the place of a user-assigned one, and a
       * cluster that cannot have it is refused. Requests that name the identity make it one.
       */
      insist: z.boolean().default(false),
    })
    .prefault({}),
  roles: z
    .strictObject({
      /** ARM ids of container registries every cluster pulls from. */
      registries: z.array(armId).default([]),
      /** ARM ids of key vaults whose certificates application routing serves. */
      certificateVaults: z.array(armId).default([]),
      /**
       * Minutes to wait after a new role assignment before something depends on it. Azure documents
       * up to 10 for role assignments in general and up to 60 for the identity of a cluster.
       */
      settleMinutes: z.number().int().min(0).max(120).default(10),
      /** Hours for which a principal that was replaced keeps its rights: old tokens live on. */
      graceHours: z.number().int().min(1).max(720).default(24),
      /**
       * Whether a new control plane gets roles of its predecessor of which it is not known what they are for. Those
       * that let their holder give rights to others, and custom ones, are never copied.
       */
      copyUnknown: z.boolean().default(false),
      /** Assignments that onboarding may take away; each stands in the plan first. */
      remove: z
        .strictObject({
          /** Of a replaced principal, at the scopes that the cluster needs, and those Steward made. */
          former: z.boolean().default(true),
          obsolete: z.boolean().default(true),
          /** After a narrower one has taken its place. */
          tooBroad: z.boolean().default(false),
          kubeletExcess: z.boolean().default(false),
          privileged: z.boolean().default(false),
        })
        .prefault({}),
    })
    .prefault({}),
  podIdentity: z
    .strictObject({
      /** Keeps the rights that pod identity needs until its workloads have moved, over a change of the cluster's identity, too. */
      keepAlive: z.boolean().default(false),
    })
    .prefault({}),
  features: z
    .strictObject({
      required: z.array(FeatureName).default([]),
      /** Unregistered as soon as no cluster of the subscription uses them, like that of pod identity. */
      forbidden: z.array(FeatureName).default([]),
    })
    .prefault({}),
  /** Whether the identity of a cluster may be changed behind the back of a tool like Terraform. */
  ownedElsewhere: z.enum(['forbid', 'allow']).default('forbid'),
  /** Rules by id: `off`, or `report` for one that is off by itself. */
  rules: z.record(z.string(), z.enum(['off', 'report'])).default({}),
  /** How many clusters of one request are changed at the same time. */
  clustersAtOnce: z.number().int().min(1).max(100).default(5),
});
export type Policy = z.infer<typeof Policy>;

/** What requirements of roles depend on. */
export function rolePolicy({ roles, podIdentity }: Policy): RolePolicy {
  const { registries, certificateVaults } = roles;
  return { registries, certificateVaults, keepPodIdentity: podIdentity.keepAlive };
}

/** The policy with what somebody wishes for some clusters in its place. */
export function wishedPolicy(
  policy: Policy,
  wish: Partial<Pick<Policy['identity'], 'controlPlane' | 'kubelet'>> = {},
): Policy {
  const insist = wish.controlPlane !== undefined || policy.identity.insist;
  return { ...policy, identity: { ...policy.identity, ...wish, insist } };
}

/** Flags that go once nobody uses them. */
export function unwantedFeatures({ features, podIdentity }: Policy): readonly string[] {
  const known = podIdentity.keepAlive ? [] : [podIdentityFeature];
  return [...new Set([...known, ...features.forbidden])].filter(
    (name) => !features.required.includes(name),
  );
}

/**
 * @param text JSON, or nothing for the defaults.
 * @throws Error that names the misspelt or wrong key.
 */
export function parsePolicy(text: string | undefined): Policy {
  const parsed = Policy.safeParse(text === undefined || text.trim() === '' ? {} : json(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new Error(`the policy is wrong${where && ` at '${where}'`}: ${issue?.message ?? ''}`);
}

/** @throws Error that says where the text is no JSON, and does not repeat it: people mistake what they paste. */
function json(text: string): unknown {
  let where: string;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const [, place] = /at position \d+ \(?(line \d+ column \d+)/.exec(String(error)) ?? [];
    where = place === undefined ? '' : ` at ${place}`;
  }
  throw new Error(`the policy is not JSON${where}`);
}

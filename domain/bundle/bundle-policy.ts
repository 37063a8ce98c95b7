import * as z from 'zod';

import { Policy } from '../policy';

const Identity = z
  .string()
  .transform((value) => value.toLowerCase())
  .transform((value) => {
    if (value === 'userassigned') return 'userAssigned';
    if (value === 'systemassigned') return 'systemAssigned';
    return value === '' ? 'any' : value;
  })
  .pipe(z.enum(['userAssigned', 'systemAssigned', 'any']));

/** The short form that bundles use. */
const Short = z.looseObject({
  registries: z.array(z.string()).optional(),
  controlPlaneIdentity: Identity.optional(),
  nodeResourceGroup: z.string().optional(),
  podIdentityKeepAlive: z.boolean().optional(),
});

const group = z.record(z.string(), z.unknown()).catch({});

/**
 * The policy of a bundle: in short form (`registries`, `controlPlaneIdentity`, …), as Steward's own setting,
 * or both; the short form wins. @throws Error that names the wrong member.
 */
export function bundlePolicy(value: unknown): Policy {
  const given = group.parse(value ?? {});
  const short = Short.safeParse(given);
  const parsed = short.success ? Policy.safeParse(merged(given, short.data)) : short;
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`policy.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`);
}

type Group = z.infer<typeof group>;

function merged(given: Group, short: Partial<z.infer<typeof Short>>): Group {
  const { registries, controlPlaneIdentity: controlPlane, podIdentityKeepAlive: keepAlive } = short;
  const locked = short.nodeResourceGroup?.toLowerCase() === 'readonly';
  const part = (name: string): Group => group.parse(given[name]);
  return {
    identity: { ...part('identity'), ...(controlPlane && { controlPlane }) },
    roles: { ...part('roles'), ...(registries && { registries }) },
    podIdentity: { ...part('podIdentity'), ...(keepAlive !== undefined && { keepAlive }) },
    features: features(part('features')),
    rules: { ...part('rules'), ...(locked && { 'identity/node-rg-lock': 'report' }) },
  };
}

/** Flags of AKS may stand without their provider. */
function features(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const full = (list: unknown) =>
    Array.isArray(list)
      ? list.map((name) => (typeof name === 'string' ? featureName(name) : (name as unknown)))
      : list;
  return Object.fromEntries(Object.entries(given).map(([key, list]) => [key, full(list)]));
}

export function featureName(name: string): string {
  return name.includes('/') ? name : `Microsoft.ContainerService/${name}`;
}

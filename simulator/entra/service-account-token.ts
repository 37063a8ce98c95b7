import { z } from 'zod';

import type { JsonObject } from '../json';
import { issuerOfCluster } from './issuers';
import type { EntraParts } from './parts';

/** Asks for a token as a pod of a cluster has it in a projected volume. */
export const ServiceAccountTokenRequest = z.strictObject({
  /** ARM id of the cluster. */
  cluster: z.string(),
  namespace: z.string().default('default'),
  serviceAccount: z.string().default('default'),
  audience: z.string().default('api://AzureADTokenExchange'),
  expirationSeconds: z.int().min(1).default(3600),
});

/** @throws Error when the cluster is not there or issues no tokens. */
export function serviceAccountToken(
  request: z.output<typeof ServiceAccountTokenRequest>,
  { world, key }: EntraParts,
): JsonObject {
  const cluster = world.resources.get(request.cluster);
  const issuer = cluster && issuerOfCluster(cluster);
  if (issuer === undefined) {
    throw new Error(`${request.cluster} issues no tokens. Name a cluster with an OIDC issuer.`);
  }
  const { namespace, serviceAccount, audience, expirationSeconds } = request;
  const now = Math.floor(world.clock.now() / 1000);
  const token = key.sign({
    iss: issuer,
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    aud: [audience],
    iat: now,
    nbf: now,
    exp: now + expirationSeconds,
    'kubernetes.io': { namespace, serviceaccount: { name: serviceAccount } },
  });
  return { token };
}

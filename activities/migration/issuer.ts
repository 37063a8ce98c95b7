import { FailureError } from '../../domain/outcome';

type Json = Readonly<Record<string, unknown>>;

/** URL of a cluster's issuer as Azure writes it, trailing slash included; undefined while it has none. */
export function issuerIn(body: Json): string | undefined {
  const { oidcIssuerProfile } = body['properties'] as { oidcIssuerProfile?: Json | null };
  const url = oidcIssuerProfile?.['issuerURL'];
  return typeof url === 'string' && url !== '' ? url : undefined;
}

/** @throws FailureError when the cluster has none. */
export function issuerOf(body: Json, target: string): string {
  const url = issuerIn(body);
  if (url !== undefined) return url;
  throw new FailureError({
    code: 'NotVerified',
    message: 'The cluster has no OIDC issuer, and its accounts cannot be trusted without one.',
    next: 'Wait until Azure shows the URL of the issuer, then apply the migration again.',
    target,
  });
}

import { createHash } from 'node:crypto';

export const exchangeAudience = 'api://AzureADTokenExchange';

const longestMiddle = 103; // Azure allows names of 120 characters

/** What a credential trusts. */
export interface TrustedSubject {
  readonly issuer: string;
  readonly subject: string;
}

/** Name of the credential that a cluster's service account gets: the same for ever, and different for different trust. */
export function credentialName(
  place: { readonly cluster: string; readonly namespace: string; readonly account: string },
  { issuer, subject }: TrustedSubject,
): string {
  const middle = `${place.cluster}-${place.namespace}-${place.account}`
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '-')
    .slice(0, longestMiddle);
  const digest = createHash('sha256').update(`${issuer}|${subject}`).digest('hex');
  return `stw-${middle}-${digest.slice(0, 12)}`;
}

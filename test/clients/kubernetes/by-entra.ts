import type { TokenCredential } from '@azure/core-auth';

/** Object id of the identity that Steward acts as in tests. */
export const stewardId = 'a3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';

/** A token as Entra gives it to Steward for API servers; a simulated one does not look at signatures. */
export const byEntra: TokenCredential = {
  getToken: (scope) => {
    const aud = String(scope).replace('/.default', '');
    const parts = [{ alg: 'none' }, { aud, oid: stewardId }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const token = `${parts.join('.')}.x`;
    return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
  },
};

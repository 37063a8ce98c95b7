import type { AccessToken, TokenCredential } from '@azure/core-auth';

import { TransientError } from '../domain/outcome';

/**
 * The managed identity that the app runs as. The library behind it is loaded when the first token is
 * needed, not when the app starts.
 *
 * @param clientId of a user-assigned identity; without it the system-assigned one.
 */
export function managedIdentity(clientId: string | undefined): TokenCredential {
  return loadedLate(async () => {
    const { ManagedIdentityCredential } = await import('./identity-library');
    return clientId === undefined
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId });
  });
}

/** Whoever is signed in with the Azure CLI: for tools that people start on their own machine. */
export function azureCli(): TokenCredential {
  return loadedLate(async () => {
    const { AzureCliCredential } = await import('@azure/identity');
    return new AzureCliCredential();
  });
}

function loadedLate(load: () => Promise<TokenCredential>): TokenCredential {
  let loaded: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, options): Promise<AccessToken | null> =>
      (await (loaded ??= load())).getToken(scopes, options),
  };
}

/** A token that cannot be had now may be had later: whoever asks is told to ask again. */
export function askedAgain(credential: TokenCredential): TokenCredential {
  return {
    getToken: async (scopes, options): Promise<AccessToken | null> => {
      try {
        return await credential.getToken(scopes, options);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new TransientError(`no token: ${reason}`);
      }
    },
  };
}

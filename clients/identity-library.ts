// Of the identity library just what is used: loaded by name as a whole it would come as a whole.
export { ManagedIdentityCredential } from '@azure/identity';

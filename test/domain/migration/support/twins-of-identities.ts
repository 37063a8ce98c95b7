import type { MigrationCode } from '../../../../domain/migration/codes';
import {
  azureIdentity,
  binding,
  clientId,
  credential,
  env,
  issuer,
  object,
  otherClientId,
  subject,
  tenant,
} from './a-world';
import type { World } from './a-world';

type Twins = readonly (readonly [MigrationCode, World, World])[];
type Json = Readonly<Record<string, unknown>>;

const issued = (name: string, value: unknown) => ({ name, value });
const fromSecret = (name: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: 's', key: 'k' } },
});
const fromMap = (name: string, more: Json = {}) => ({
  name,
  valueFrom: { configMapKeyRef: { name: 'settings', key: 'id', ...more } },
});
const map = (data: Json, name = 'settings') => object('v1 ConfigMap', name, { data });
const id = 'AZURE_CLIENT_ID';

const application: World = { azureIdentity: { type: 1, tenantID: tenant } };
const twentyOthers = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    credential(`other-${index}`, { issuer: `https://other.example/${index}` }),
  );

/** R5, R6, R10: identities, the default among them, and their credentials. */
export const identityTwins: Twins = [
  [
    'IDENTITY_NOT_FOUND',
    { identity: null },
    { azureIdentity: { resourceID: undefined, ResourceID: azureIdOf('APP') } },
  ],
  ['IDENTITY_FORBIDDEN', { identity: { forbidden: true } }, { identity: { forbidden: false } }],
  ['IDENTITY_FORBIDDEN', { identity: { federatedIdentityCredentials: undefined } }, {}],
  [
    'FIC_REGION_UNSUPPORTED',
    { identity: { location: 'Malaysia South' } },
    { identity: { location: 'malaysiawest' } },
  ],
  [
    'FIC_REGION_UNSUPPORTED',
    { options: { regionsWithoutFederation: ['westeurope'] } },
    { identity: { location: 'malaysiasouth' }, options: { regionsWithoutFederation: [] } },
  ],
  ['SP_IDENTITY', application, { ...application, options: { allowApplicationFederation: true } }],
  ['SP_IDENTITY', { azureIdentity: { type: 2 } }, { azureIdentity: { type: undefined } }],
  ['SP_IDENTITY', { azureIdentity: { type: '0' } }, { azureIdentity: { type: 0 } }],
  [
    'SP_MULTI_TENANT_TOKENS',
    {
      azureIdentity: { type: 1, auxiliaryTenantIDs: ['t'] },
      options: { allowApplicationFederation: true },
    },
    { azureIdentity: { type: 0, auxiliaryTenantIDs: ['t'] } },
  ],
  [
    'SP_MULTI_TENANT_TOKENS',
    { azureIdentity: { type: 1, auxiliaryTenantIDs: ['t'] } },
    { azureIdentity: { type: 1, auxiliaryTenantIDs: [] } },
  ],
  [
    'CLIENT_ID_STALE',
    { azureIdentity: { clientID: otherClientId } },
    { azureIdentity: { clientID: clientId.toUpperCase() } },
  ],
  [
    'CLIENT_ID_STALE',
    { azureIdentity: { clientID: undefined } },
    { azureIdentity: { clientID: undefined, ClientID: clientId } },
  ],
  ['MULTI_IDENTITY', { second: true }, {}],
  [
    'MULTI_IDENTITY',
    { second: true },
    {
      objects: [
        object('aadpodidentity.k8s.io/v1 AzureIdentityBinding', 'again', {
          spec: { AzureIdentity: 'app-id', Selector: 'app-id' },
        }),
      ],
    },
  ],
  [
    'MULTI_IDENTITY_NO_DEFAULT',
    { second: true },
    { second: true, options: { defaultIdentity: { 'shop/Deployment/app': 'other-id' } } },
  ],
  [
    'MULTI_IDENTITY_NO_DEFAULT',
    { second: true, options: { defaultIdentity: { 'shop/Deployment/app': 'no-id' } } },
    {},
  ],
  // Two objects for one managed identity leave nothing to ask.
  [
    'MULTI_IDENTITY_NO_DEFAULT',
    { second: true },
    {
      objects: [
        { ...azureIdentity('app'), metadata: { name: 'twin-id', namespace: 'shop' } },
        binding('twin'),
      ],
    },
  ],
  [
    'DEFAULT_FROM_ENV',
    { second: true, ...env(issued(id, otherClientId.toUpperCase())) },
    env(issued(id, clientId)),
  ],
  [
    'DEFAULT_FROM_ENV',
    { second: true, ...env(fromMap(id)), objects: [map({ id: clientId })] },
    { second: true, ...env(fromMap(id)), objects: [map({ id: clientId }, 'others')] },
  ],
  [
    'DEFAULT_FROM_ENV',
    {
      second: true,
      container: { envFrom: [{ prefix: 'AZURE_', configMapRef: { name: 'settings' } }] },
      objects: [map({ CLIENT_ID: clientId })],
    },
    {
      second: true,
      container: { envFrom: [{ configMapRef: { name: 'settings' } }] },
      objects: [map({ CLIENT_ID: clientId })],
    },
  ],
  [
    'DEFAULT_FROM_ENV',
    { second: true, pod: { initContainers: [{ name: 'i', env: [issued(id, clientId)] }] } },
    { second: true, pod: { ephemeralContainers: [{ name: 'i', env: [issued(id, clientId)] }] } },
  ],
  ['ENV_CLIENT_ID_MISMATCH', env(issued(id, otherClientId)), env(issued(id, clientId))],
  [
    'ENV_CLIENT_ID_MISMATCH',
    {
      second: true,
      pod: { initContainers: [{ name: 'i', env: [issued(id, otherClientId)] }] },
      ...env(issued(id, clientId)),
    },
    {
      second: true,
      pod: { initContainers: [{ name: 'i', env: [issued(id, clientId)] }] },
      ...env(issued(id, clientId)),
    },
  ],
  // The last entry of a name counts, an entry of `env` before any of `envFrom`.
  [
    'ENV_CLIENT_ID_MISMATCH',
    env(issued(id, clientId), issued(id, 'x')),
    env(issued(id, 'x'), issued(id, clientId)),
  ],
  [
    'ENV_CLIENT_ID_MISMATCH',
    {
      container: { envFrom: [{ configMapRef: { name: 'settings' } }] },
      objects: [map({ [id]: 'x' })],
    },
    {
      container: { env: [issued(id, clientId)], envFrom: [{ configMapRef: { name: 'settings' } }] },
      objects: [map({ [id]: 'x' })],
    },
  ],
  // An empty one keeps the webhook from setting it; an empty one of `envFrom` does not.
  [
    'ENV_CLIENT_ID_MISMATCH',
    env(issued(id, '')),
    {
      container: { envFrom: [{ configMapRef: { name: 'settings' } }] },
      objects: [map({ [id]: '' })],
    },
  ],
  ['ENV_CLIENT_ID_UNRESOLVED', env(fromSecret(id)), env(fromSecret('CLIENT_ID'))],
  [
    'ENV_CLIENT_ID_UNRESOLVED',
    { ...env(fromMap(id, { key: 'none' })), objects: [map({})] },
    { ...env(fromMap(id, { key: 'none', optional: true })), objects: [map({})] },
  ],
  ['ENV_CLIENT_ID_UNRESOLVED', env(issued(id, '$(OTHER)')), env(issued(id, clientId))],
  [
    'ENV_TENANT_MISMATCH',
    env(issued('AZURE_TENANT_ID', 'another')),
    env(issued('AZURE_TENANT_ID', tenant.toUpperCase())),
  ],
  [
    'ENV_TENANT_MISMATCH',
    { second: true, ...env(issued('AZURE_TENANT_ID', 'another')) },
    {
      ...env(issued('AZURE_TENANT_ID', 'another')),
      identity: { properties: { tenantId: undefined } },
    },
  ],
  ...['AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PATH', 'AZURE_PASSWORD'].map(
    (name) => ['ENV_CREDENTIAL_PRESENT', env(fromSecret(name)), env(issued(name, ''))] as const,
  ),
  ['FIC_LIMIT', { credentials: twentyOthers(20) }, { credentials: twentyOthers(19) }],
  [
    'FIC_LIMIT',
    { credentials: twentyOthers(20) },
    { credentials: [...twentyOthers(19), credential('mine')] },
  ],
  [
    'FIC_AUDIENCE_MISMATCH',
    { credentials: [credential('mine', { audiences: ['api://other'] })] },
    { credentials: [credential('mine')] },
  ],
  [
    'FIC_NEAR_MISS',
    { credentials: [credential('mine', { issuer: issuer.slice(0, -1) })] },
    { credentials: [credential('mine')] },
  ],
  [
    'FIC_NEAR_MISS',
    { credentials: [credential('mine', { subject: subject.toUpperCase() })] },
    { credentials: [credential('mine', { subject: `${subject}s` })] },
  ],
  [
    'CLIENT_ID_STALE',
    { azureIdentity: { clientID: otherClientId } },
    {
      azureIdentity: { clientID: otherClientId },
      identity: { properties: { clientId: undefined } },
    },
  ],
  [
    'FIC_NEAR_MISS',
    { credentials: [credential('almost', { issuer: issuer.slice(0, -1) })] },
    { credentials: [credential('almost', { issuer: issuer.slice(0, -1) }), credential('mine')] },
  ],
  [
    'DEFAULT_FROM_ENV',
    {
      second: true,
      container: { envFrom: [{ prefix: 'AZURE_', configMapRef: { name: 'settings' } }] },
      objects: [map({ CLIENT_ID: clientId })],
    },
    {
      second: true,
      container: { envFrom: [{ prefix: 'OTHER_', configMapRef: { name: 'settings' } }] },
      objects: [map({ CLIENT_ID: clientId })],
    },
  ],
];

function azureIdOf(name: string): string {
  return `/SUBSCRIPTIONS/11111111-aaaa-4aaa-8aaa-111111111111/resourcegroups/rg-ids/providers/microsoft.managedidentity/userassignedidentities/${name}`;
}

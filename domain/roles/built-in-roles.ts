/** Built-in roles by their names, with the GUIDs of their definitions. Source: Azure built-in roles, Microsoft Learn. */
export const roles = {
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  'User Access Administrator': '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  'Role Based Access Control Administrator': 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  'Network Contributor': '4d97b98b-1d4f-4787-a291-c67834d212e7',
  'Private DNS Zone Contributor': 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
  'DNS Zone Contributor': 'befefa01-2a29-4197-83a8-272ff33ce314',
  'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
  'Managed Identity Contributor': 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
  'Virtual Machine Contributor': '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
  'Container Registry Repository Reader': 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  'Container Registry Repository Catalog Lister': 'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7',
  'Key Vault Administrator': '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  'Key Vault Contributor': 'f25e0fa2-a7c8-4377-a976-54943a77a395',
  'Key Vault Crypto Officer': '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
  'Key Vault Crypto User': '12338af0-0e69-4776-bea7-57ae8d297424',
  'Key Vault Certificate User': 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
} as const;

export type Role = keyof typeof roles;

/** Roles that clusters need nothing of, and people give them nevertheless. */
const otherRoles: Readonly<Record<string, string>> = {
  'Storage Account Contributor': '17d1049b-9a84-46fb-8f53-869881c3d3ab',
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  'Azure Kubernetes Service Contributor Role': 'ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8',
  'Azure Kubernetes Service Cluster User Role': '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
};

const names = new Map<string, Role>(
  Object.entries(roles).map(([name, guid]) => [guid, name as Role]),
);
const allNames = new Map(
  [...Object.entries(roles), ...Object.entries(otherRoles)].map(([name, guid]) => [guid, name]),
);

/** What people call a role: its name where that is known, else its GUID. */
export function roleLabel(guid: string): string {
  return allNames.get(guid.toLowerCase()) ?? guid;
}

/** A role's name by its GUID, where it is one that Steward knows. */
export function roleName(guid: string): Role | undefined {
  return names.get(guid.toLowerCase());
}

/** Roles whose rights are over data: no role over resources alone includes them. */
const dataRoles: readonly Role[] = [
  'Container Registry Repository Reader',
  'Container Registry Repository Catalog Lister',
  'Key Vault Administrator',
  'Key Vault Crypto Officer',
  'Key Vault Crypto User',
  'Key Vault Certificate User',
  'Key Vault Secrets User',
  'Monitoring Metrics Publisher',
];

/** Besides Owner and Contributor, which include every role over resources. */
const supersets: Partial<Record<Role, readonly Role[]>> = {
  'Private DNS Zone Contributor': ['Network Contributor'],
  'DNS Zone Contributor': ['Network Contributor'],
  AcrPull: ['AcrPush'],
  'Key Vault Crypto User': ['Key Vault Crypto Officer', 'Key Vault Administrator'],
  'Key Vault Secrets User': ['Key Vault Administrator'],
  'Key Vault Certificate User': ['Key Vault Administrator'],
};

const administrators: readonly Role[] = [
  'Owner',
  'User Access Administrator',
  'Role Based Access Control Administrator',
];

/** Whether a holder of `held` may do everything that `wanted` permits. */
export function includesRole(held: string, wanted: Role): boolean {
  const name = roleName(held);
  if (name === undefined) return false;
  if (name === wanted || supersets[wanted]?.includes(name) === true) return true;
  if (name === 'Owner') return !dataRoles.includes(wanted);
  if (name !== 'Contributor') return false;
  return !dataRoles.includes(wanted) && !administrators.includes(wanted);
}

/** Roles whose holder can give rights to others, itself included. */
export function canGrantAccess(role: string): boolean {
  const name = roleName(role);
  return name !== undefined && administrators.includes(name);
}

/** Roles that let an identity pull images and nothing else. */
export function isPullRole(role: string): boolean {
  const name = roleName(role);
  return (
    name === 'AcrPull' ||
    name === 'Container Registry Repository Reader' ||
    name === 'Container Registry Repository Catalog Lister'
  );
}

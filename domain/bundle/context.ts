import * as z from 'zod';

import { text } from '../lenient';

// A support bundle is somebody else's export: what is there must have the right form, the rest may be missing.
const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

const Permission = z.object({
  actions: texts,
  notActions: texts,
  dataActions: texts,
  notDataActions: texts,
});
const Subject = z.object({ id: text });
const subjects = z
  .array(Subject)
  .nullish()
  .transform((value) => value ?? []);

/** An ARM resource of any type. */
export const LinkedResource = z.object({
  id: z.string(),
  name: text,
  type: text,
  tags: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? {}),
  identity: z
    .object({ userAssignedIdentities: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
  properties: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? {}),
});
export type LinkedResource = z.infer<typeof LinkedResource>;

export const RoleAssignmentBody = z.object({
  id: text,
  name: text,
  properties: z.object({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    scope: z.string(),
    condition: text,
    description: text,
  }),
});

const DenyAssignmentBody = z.object({
  properties: z.object({
    scope: text,
    permissions: z
      .array(Permission)
      .nullish()
      .transform((value) => value ?? []),
    principals: subjects,
    excludePrincipals: subjects,
    doNotApplyToChildScopes: z.boolean().nullish(),
  }),
});

const RoleDefinitionBody = z.object({
  id: text,
  name: text,
  properties: z.object({
    permissions: z
      .array(Permission)
      .nullish()
      .transform((value) => value ?? []),
  }),
});

const Credential = z.object({
  endDateTime: text.refine((value) => value === '' || !Number.isNaN(Date.parse(value)), {
    error: 'is no time; write it like 2026-11-24T08:00:00Z',
  }),
});
const credentials = z
  .array(Credential)
  .nullish()
  .transform((value) => value ?? []);
const DirectoryObject = z.object({
  id: text,
  appId: text,
  passwordCredentials: credentials,
  keyCredentials: credentials,
});
const directoryObjects = z
  .array(DirectoryObject)
  .nullish()
  .transform((value) => value ?? []);

const FederatedCredentialBody = z.looseObject({
  id: text,
  name: text,
  identity: text,
  properties: z.looseObject({ issuer: text, subject: text, audiences: texts }).nullish(),
});

/** What was read around a cluster, as the services answered. A key that is missing was not read. */
export const BundleContext = z.looseObject({
  resources: z.array(LinkedResource).optional(),
  identitiesComplete: z.boolean().optional(),
  roleAssignments: z.array(RoleAssignmentBody).optional(),
  roleDefinitions: z.array(RoleDefinitionBody).optional(),
  denyAssignments: z.array(DenyAssignmentBody).optional(),
  groups: z.record(z.string(), z.array(z.string())).optional(),
  managementGroups: z.record(z.string(), z.array(z.string())).optional(),
  roleAssignmentUsage: z.object({ count: z.number(), limit: z.number() }).optional(),
  upgradeProfiles: z.record(z.string(), z.object({ latestNodeImageVersion: text })).optional(),
  features: z.record(z.string(), z.looseObject({ state: text, since: text })).optional(),
  providers: z.record(z.string(), z.string()).optional(),
  graph: z
    .looseObject({
      applications: directoryObjects,
      servicePrincipals: directoryObjects,
      /** Object ids that the directory has not known twice, a day apart. */
      orphans: z.array(z.string()).optional(),
    })
    .optional(),
  kubernetes: z.looseObject({ objects: z.array(z.looseObject({})).default([]) }).optional(),
  federatedCredentials: z.array(FederatedCredentialBody).optional(),
  formerPrincipals: z
    .array(
      z.looseObject({ kind: text, objectId: z.string(), appId: text, until: z.iso.datetime() }),
    )
    .optional(),
  identityChangedAt: z.iso.datetime().optional(),
  otherClusters: z.array(z.unknown()).optional(),
  policy: z.looseObject({}).optional(),
});
export type BundleContext = z.infer<typeof BundleContext>;

/** A saved cluster with what was read around it; what else the file holds is left alone. */
export const Bundle = z.looseObject({
  now: z.iso.datetime(),
  cluster: z.looseObject({ id: z.string() }),
  context: BundleContext,
});
export type Bundle = z.infer<typeof Bundle>;

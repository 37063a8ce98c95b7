import * as z from 'zod';

import { understood } from '../bundle/understood';
import type { MigrationPlan } from './document';
import { objectIn } from './json';
import { MigrationOptions } from './options';
import { planMigration } from './plan';
import type { MigrationSnapshot } from './snapshot';

const object = z.looseObject({});
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
const resource = z.looseObject({ id: z.string() });

const Fleet = z.looseObject({
  subscriptions: list(
    z.looseObject({
      subscriptionId: z.string(),
      features: z
        .record(z.string(), z.string())
        .nullish()
        .transform((value) => value ?? {}),
    }),
  ),
  clusters: list(resource),
  identities: list(
    z.looseObject({
      id: z.string(),
      federatedIdentityCredentials: z.array(object).nullish(),
      forbidden: z.boolean().nullish(),
    }),
  ),
  roleAssignments: list(object),
  vmss: list(object),
});

const Content = z.looseObject({
  serverVersion: z.string().default(''),
  objects: z.array(object),
  podLogs: z.record(z.string(), z.string()).nullish(),
});

/** A saved fleet with what its clusters' API servers answered; what else the file holds is left alone. */
const FleetBundle = z.looseObject({
  fleet: Fleet.nullish().transform((value) => value ?? Fleet.parse({})),
  kubernetes: z.record(z.string(), Content),
  options: MigrationOptions.nullish().transform((value) => value ?? MigrationOptions.parse({})),
});

/** What is to be planned is the file itself, or its `given`. */
export function isFleetBundle(value: unknown): boolean {
  const bundle = objectIn(value);
  if ('cluster' in bundle) return false;
  return ['given', 'fleet', 'kubernetes'].some((member) => member in bundle);
}

/**
 * Plans how the clusters of a saved fleet leave pod identity. Pure.
 *
 * @throws Error of one line that names what is wrong with the bundle.
 */
export function planFleetBundle(value: unknown): MigrationPlan {
  const bundle = objectIn(value);
  const part = 'given' in bundle ? 'given' : '';
  const given = understood(part, () => FleetBundle.parse(part === '' ? bundle : bundle[part]));
  // Only the form was checked: what Kubernetes and Azure answered stays as it is.
  return planMigration(given as unknown as MigrationSnapshot, given.options);
}

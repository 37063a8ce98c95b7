import { z } from 'zod';

import { Behaviour } from './behaviour';
import { clockSettings } from './clock-settings';
import { FaultRule } from './faults/rule';
import type { JsonObject } from './json';
import { ClusterContents } from './kubernetes/objects/cluster-content';
import { FleetShape } from './scenarios/fleet-shape';

const Resource = z
  .looseObject({ id: z.string().startsWith('/') })
  .transform((resource) => resource as JsonObject & { readonly id: string });

/** Some settings of `behaviour`, checked as all of them are. */
const Changes = z.record(z.string(), z.unknown()).superRefine((changes, context) => {
  for (const { path, message } of Behaviour.safeParse(changes).error?.issues ?? []) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
});

/** What a simulated Azure starts with. Unknown keys are refused. */
export const Scenario = z.strictObject({
  $schema: z.string().optional(),
  /** All names, GUIDs and durations follow from it. */
  seed: z.int().default(1),
  /** Time of the first start, ISO 8601; the machine's time when absent. */
  now: z.iso.datetime().optional(),
  /** Simulated seconds in one real second. */
  speed: z.number().positive().max(100_000).optional(),
  ...clockSettings,
  tenantId: z.guid().default('c3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10'),
  behaviour: Behaviour.prefault({}),
  /** A made-up fleet of this shape. */
  fleet: FleetShape.optional(),
  /** ARM resources as their GET answers; `$truth` holds what Azure knows but does not say. */
  resources: z.array(Resource).default([]),
  /** What is inside of clusters, by their ARM ids. */
  kubernetes: ClusterContents.default({}),
  faults: z.array(FaultRule).default([]),
  /** How Azure changes over time: settings of `behaviour`, from so many simulated minutes on. */
  schedule: z
    .array(
      z.strictObject({
        atMinutes: z.number().min(0),
        behaviour: Changes,
      }),
    )
    .default([]),
});
export type Scenario = z.input<typeof Scenario>;
export type ParsedScenario = z.output<typeof Scenario>;

/** @throws Error with the path of every mistake. */
export function parseScenario(value: unknown): ParsedScenario {
  return parseWith(Scenario, value, 'scenario');
}

/** Parses what a person wrote. @throws Error with the path of every mistake. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const mistakes = error.issues.map(
    ({ path, message }) => `${[what, ...path].join('.')}: ${message}`,
  );
  throw new Error(`The ${what} is invalid: ${mistakes.join('; ')}. Correct it and try again.`);
}

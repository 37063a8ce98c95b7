import { z } from 'zod';

import { DeadLetterDestination, Destination } from './destination-body';
import { Filter } from './filter-body';

/** The members of an event subscription's body that decide something here; others are kept as they are. */
export const SubscriptionProperties = z.object({
  destination: Destination,
  filter: Filter.nullish(),
  deadLetterDestination: DeadLetterDestination.nullish(),
  eventDeliverySchema: z
    .enum(['EventGridSchema', 'CloudEventSchemaV1_0'])
    .nullish()
    .transform((schema) => schema ?? 'EventGridSchema'),
  retryPolicy: z
    .object({
      maxDeliveryAttempts: z.int().min(1).max(30).default(30),
      eventTimeToLiveInMinutes: z.int().min(1).max(1440).default(1440),
    })
    .nullish()
    .transform((policy) => policy ?? { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }),
});
export type SubscriptionProperties = z.infer<typeof SubscriptionProperties>;

/** The properties in a body, or a sentence about what is wrong. The sentence quotes no value: URLs hold keys. */
export function parseSubscriptionProperties(
  properties: unknown,
): { readonly parsed: SubscriptionProperties } | { readonly problem: string } {
  const { success, data, error } = SubscriptionProperties.safeParse(properties);
  if (success) return { parsed: data };
  const [issue] = error.issues;
  return { problem: `properties.${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
}

import { z } from 'zod';

import { advancedOperators } from './event-filter';
import type { AdvancedOperator } from './event-filter';

const endpointUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
  .refine((url) => !/^[^/]+:\/\/[^/?#]*@/.test(url), 'must not carry a user name');

const batch = {
  maxEventsPerBatch: z.int().min(1).max(5000).default(1),
  preferredBatchSizeInKilobytes: z.int().min(1).max(1024).default(64),
};

const Destination = z.discriminatedUnion(
  'endpointType',
  [
    z.object({
      endpointType: z.literal('WebHook'),
      properties: z.object({ endpointUrl, ...batch }),
    }),
    z.object({
      endpointType: z.literal('AzureFunction'),
      properties: z.object({ resourceId: z.string().startsWith('/'), ...batch }),
    }),
  ],
  { error: 'must be of endpointType WebHook or AzureFunction' },
);

const AdvancedFilter = z.object({
  operatorType: z
    .string()
    .refine(
      (name): name is AdvancedOperator => advancedOperators.includes(name),
      `must be one of ${advancedOperators.join(', ')}`,
    ),
  key: z.string().min(1),
  values: z.array(z.string()).min(1),
});

/** The filter of a subscription as its body has it; what is missing or null lets every event pass. */
export const Filter = z.object({
  includedEventTypes: z.array(z.string()).nullish(),
  subjectBeginsWith: z.string().nullish(),
  subjectEndsWith: z.string().nullish(),
  isSubjectCaseSensitive: z.boolean().nullish(),
  advancedFilters: z.array(AdvancedFilter).nullish(),
});
export type Filter = z.infer<typeof Filter>;

/** The members of an event subscription's body that decide something here; others are kept as they are. */
export const SubscriptionProperties = z.object({
  destination: Destination,
  filter: Filter.nullish(),
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

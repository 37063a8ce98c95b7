import { z } from 'zod';

const endpointUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
  .refine((url) => !/^[^/]+:\/\/[^/?#]*@/.test(url), 'must not carry a user name');

const batch = {
  maxEventsPerBatch: z.int().min(1).max(5000).default(1),
  preferredBatchSizeInKilobytes: z.int().min(1).max(1024).default(64),
};
const resourceId = z.string().startsWith('/');

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
  .refine((name) => !/^aeg-/i.test(name), 'must not begin with aeg-');

/** "Custom delivery properties": at most ten headers. */
const deliveryAttributeMappings = z
  .array(
    z.discriminatedUnion('type', [
      z.looseObject({
        type: z.literal('Static'),
        name: headerName,
        properties: z.looseObject({ value: z.string(), isSecret: z.boolean().default(false) }),
      }),
      z.looseObject({
        type: z.literal('Dynamic'),
        name: headerName,
        properties: z.looseObject({ sourceField: z.string().min(1) }),
      }),
    ]),
  )
  .max(10)
  .nullish();

const common = { deliveryAttributeMappings };

function placed<T extends string>(endpointType: T) {
  const properties = z.looseObject({ ...common, resourceId });
  return z.object({ endpointType: z.literal(endpointType), properties });
}

/** Where events can go. Hubs and queues keep them until they are read. */
export const Destination = z.discriminatedUnion(
  'endpointType',
  [
    z.object({
      endpointType: z.literal('WebHook'),
      properties: z.looseObject({ ...common, endpointUrl, ...batch }),
    }),
    z.object({
      endpointType: z.literal('AzureFunction'),
      properties: z.looseObject({ ...common, resourceId, ...batch }),
    }),
    z.object({
      endpointType: z.literal('StorageQueue'),
      properties: z.looseObject({ resourceId, queueName: z.string().min(1) }),
    }),
    placed('EventHub'),
    placed('ServiceBusQueue'),
    placed('ServiceBusTopic'),
    placed('HybridConnection'),
  ],
  {
    error:
      'must be of endpointType WebHook, AzureFunction, StorageQueue, EventHub, ServiceBusQueue, ServiceBusTopic or HybridConnection',
  },
);
export type Destination = z.infer<typeof Destination>;

export const DeadLetterDestination = z.object({
  endpointType: z.literal('StorageBlob', { error: 'must be StorageBlob' }),
  properties: z.looseObject({ resourceId, blobContainerName: z.string().min(1) }),
});

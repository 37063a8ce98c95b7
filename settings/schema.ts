import { parsePolicy } from '../domain/policy';
import type { Policy } from '../domain/policy';
import { clientId, recordsPlace, schedule, subscriptionIds, webAddress } from './forms';
import { needed, oneOf, optional, withDefault } from './setting';
import type { Setting } from './setting';

const ofTheCloud = 'Wins over what STEWARD_CLOUD says.';

/** Every setting, in the order in which people read about them. Parsing, documentation and sample follow from it. */
export const schema = {
  subscriptions: needed({
    name: 'STEWARD_SUBSCRIPTIONS',
    ...subscriptionIds,
    purpose: 'The subscriptions that Steward looks after; it refuses clusters in others.',
    example: '4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001',
  }),
  records: needed({
    name: 'STEWARD_RECORDS',
    ...recordsPlace,
    purpose: 'Where Steward keeps its own state. A file does not outlive an instance on Azure.',
    example: 'sqlite:.data/steward.db',
  }),
  policy: withDefault<Policy>('{}', {
    name: 'STEWARD_POLICY',
    form: 'a policy as JSON',
    parse: parsePolicy,
    purpose: 'What the fleet is to look like; what it leaves out has a careful default.',
    example: '{"clustersAtOnce":5}',
  }),
  enabled: withDefault<boolean>('true', {
    name: 'STEWARD_ENABLED',
    form: 'true or false',
    parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
    purpose:
      'The kill switch. With `false` Steward changes nothing any more and can only be looked at.',
    example: 'false',
  }),
  auth: withDefault('keys', {
    name: 'STEWARD_AUTH',
    ...oneOf('keys', 'entra'),
    purpose:
      'Who may call the API: whoever has a function key, or whoever App Service authentication lets in, by app role.',
    example: 'entra',
  }),
  eventDelivery: withDefault('function', {
    name: 'STEWARD_EVENT_DELIVERY',
    ...oneOf('function', 'queue'),
    purpose:
      'How Event Grid delivers: to the function `clusterEvents`, or through the queue `steward-events`.',
    example: 'queue',
  }),
  sweepSchedule: withDefault('0 0 */6 * * *', {
    name: 'STEWARD_SWEEP_SCHEDULE',
    ...schedule,
    purpose: 'When the whole fleet is judged.',
    example: '0 30 4 * * *',
  }),
  identityClientId: optional(
    {
      name: 'STEWARD_IDENTITY_CLIENT_ID',
      ...clientId,
      purpose:
        'The identity that Steward acts as towards the fleet; the system-assigned one when not set.',
      example: '7d1f0d5c-3b0e-4c52-9a6e-2f8c1d4b9a10',
    },
    'when that identity is user-assigned',
  ),
  hostClientId: optional(
    {
      name: 'STEWARD_HOST_CLIENT_ID',
      ...clientId,
      purpose:
        'The identity that reads and writes the tables; the system-assigned one when not set.',
      example: '0b6a7f6e-51c5-4a6b-8f5e-3d3a0c9f2b11',
    },
    'with `tables:`, when that identity is user-assigned',
  ),
  privateClusters: withDefault('direct', {
    name: 'STEWARD_PRIVATE_CLUSTERS',
    ...oneOf('direct', 'runCommand'),
    purpose:
      'How the API servers of private clusters are reached: over the network, or by commands that AKS runs.',
    example: 'runCommand',
  }),
  cloud: withDefault('AzurePublicCloud', {
    name: 'STEWARD_CLOUD',
    ...oneOf('AzurePublicCloud', 'AzureUSGovernment', 'AzureChinaCloud'),
    purpose: 'The cloud that the fleet is in. It gives the three addresses below.',
    example: 'AzureUSGovernment',
  }),
  armEndpoint: optional({
    name: 'STEWARD_ARM_ENDPOINT',
    ...webAddress,
    purpose: `Azure Resource Manager, and the base of its token scope. ${ofTheCloud}`,
    example: 'https://management.usgovcloudapi.net',
  }),
  graphEndpoint: optional({
    name: 'STEWARD_GRAPH_ENDPOINT',
    ...webAddress,
    purpose: `Microsoft Graph, and the base of its token scope. ${ofTheCloud}`,
    example: 'https://graph.microsoft.us',
  }),
  authority: optional({
    name: 'STEWARD_AUTHORITY',
    ...webAddress,
    purpose: `Microsoft Entra ID. ${ofTheCloud}`,
    example: 'https://login.microsoftonline.us',
  }),
  armGateway: optional({
    name: 'STEWARD_ARM_GATEWAY',
    ...webAddress,
    purpose:
      'An origin that requests to Azure go through instead: a forwarding proxy, or a simulated Azure.',
    example: 'http://127.0.0.1:7072',
  }),
  telemetry: withDefault('none', {
    name: 'STEWARD_TELEMETRY',
    ...oneOf('none', 'opentelemetry'),
    purpose: 'What spans, log lines and measurements are sent with, besides what the host does.',
    example: 'opentelemetry',
  }),
} as const;

type Schema = typeof schema;

/** The values as they are set; what depends on other settings is not filled in. */
export type SettingValues = {
  readonly [K in keyof Schema]: Schema[K] extends Setting<infer T> ? T : never;
};

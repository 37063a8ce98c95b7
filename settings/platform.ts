/** A setting that the Functions host or App Service reads, or sets; Steward only counts on it. */
export interface PlatformSetting {
  readonly name: string;
  readonly purpose: string;
  readonly example: string;
  readonly needed: string;
}

/** Where the queue is, for the storage queue trigger: the connection `StewardEvents` with an identity. */
export const eventsQueueUri = 'StewardEvents__queueServiceUri';
/** The same connection as one text with a key, which Azurite needs. */
export const eventsConnection = 'StewardEvents';

/** Where telemetry goes by OTLP over HTTP. */
export const telemetryReceiver = 'OTEL_EXPORTER_OTLP_ENDPOINT';

/**
 * Set by App Service on every plan, Flex Consumption among them, and nowhere else. `WEBSITE_INSTANCE_ID` is not: the
 * Functions host itself tells Flex Consumption by its absence.
 */
export const siteName = 'WEBSITE_SITE_NAME';
export const authEnabled = 'WEBSITE_AUTH_ENABLED';

/** Whether the app runs on Azure, where no file outlives an instance. */
export function isOnAzure(environment: Readonly<Record<string, string | undefined>>): boolean {
  return (environment[siteName] ?? '') !== '';
}

/** Whether App Service authenticates callers, and nobody else can set the header that says who they are. */
export function isAuthenticated(
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return environment[authEnabled]?.toLowerCase() === 'true';
}

const withQueue = 'with STEWARD_EVENT_DELIVERY=queue';

export const platformSettings: readonly PlatformSetting[] = [
  ...['blob', 'queue', 'table'].map((service) => ({
    name: `AzureWebJobsStorage__${service}ServiceUri`,
    purpose: 'Storage of the Functions host, and of the Durable backend `storage`.',
    example: `https://st7q3.${service}.core.windows.net`,
    needed: 'on Azure',
  })),
  {
    name: 'AzureWebJobsStorage__credential',
    purpose: 'How the host gets its token for that storage.',
    example: 'managedidentity',
    needed: 'on Azure',
  },
  {
    name: 'AzureWebJobsStorage__clientId',
    purpose: 'The identity that reads and writes that storage.',
    example: '0b6a7f6e-51c5-4a6b-8f5e-3d3a0c9f2b11',
    needed: 'when that identity is user-assigned',
  },
  {
    name: 'TASKHUB_NAME',
    purpose:
      'Task hub of the Durable backend. Histories are kept under it: another name begins anew.',
    example: 'Steward',
    needed: 'where host.json names it',
  },
  {
    name: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING',
    purpose: 'The Durable backend `dts`.',
    example: 'Endpoint=https://…;Authentication=ManagedIdentity;ClientID=…',
    needed: 'with that backend',
  },
  {
    name: eventsQueueUri,
    purpose: 'Queue service with the queue `steward-events`.',
    example: 'https://st7q3.queue.core.windows.net',
    needed: withQueue,
  },
  {
    name: 'StewardEvents__credential',
    purpose: 'How the host gets its token for that queue.',
    example: 'managedidentity',
    needed: withQueue,
  },
  {
    name: 'StewardEvents__clientId',
    purpose: 'The identity that reads that queue.',
    example: '0b6a7f6e-51c5-4a6b-8f5e-3d3a0c9f2b11',
    needed: 'when that identity is user-assigned',
  },
  {
    name: telemetryReceiver,
    purpose: 'Where spans, log lines and measurements are sent, by OTLP over HTTP.',
    example: 'http://127.0.0.1:4318',
    needed: 'with STEWARD_TELEMETRY=opentelemetry',
  },
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING',
    purpose: 'Where the host sends its log.',
    example: 'InstrumentationKey=…;IngestionEndpoint=…',
    needed: '',
  },
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
    purpose: 'With which identity.',
    example: 'ClientId=…;Authorization=AAD',
    needed: 'when local authentication is off there',
  },
  {
    name: authEnabled,
    purpose:
      'Set by App Service: `True` when its authentication is on. With STEWARD_AUTH=entra every call is refused otherwise.',
    example: 'True',
    needed: '',
  },
  {
    name: siteName,
    purpose: 'Set by App Service: tells that the app runs on Azure, where no file is kept.',
    example: '',
    needed: '',
  },
];

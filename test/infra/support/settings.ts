import { platformSettings } from '../../../settings/platform';
import { schema } from '../../../settings/schema';

/** The settings that the app reads, by name. */
export function settingsOfTheApp(): readonly string[] {
  return Object.values(schema).map(({ name }) => name);
}

/** What the documents say that Functions and App Service read, or set. */
export const documentedPlatformSettings: readonly string[] = platformSettings.map(
  ({ name }) => name,
);

/** What others than the settings schema read, and with which of their features. */
export const settingsOfTheHost: Readonly<Record<string, 'always' | 'queue' | 'dts' | 'telemetry'>> =
  {
    AzureWebJobsStorage__credential: 'always',
    AzureWebJobsStorage__clientId: 'always',
    AzureWebJobsStorage__blobServiceUri: 'always',
    AzureWebJobsStorage__queueServiceUri: 'always',
    AzureWebJobsStorage__tableServiceUri: 'always',
    TASKHUB_NAME: 'always',
    APPLICATIONINSIGHTS_CONNECTION_STRING: 'always',
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'always',
    StewardEvents__credential: 'queue',
    StewardEvents__clientId: 'queue',
    StewardEvents__queueServiceUri: 'queue',
    DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'dts',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'telemetry',
  };

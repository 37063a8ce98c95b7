import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './bicep';

/** Agreed with the app, which does not read them yet. */
const announced = [
  'STEWARD_CLOUD',
  'STEWARD_HOST_CLIENT_ID',
  'STEWARD_EVENT_DELIVERY',
  'STEWARD_AUTH',
  'STEWARD_ENABLED',
  'STEWARD_TELEMETRY',
];

/** The settings that the app reads, by name. */
export function settingsOfTheApp(): readonly string[] {
  const source = readFileSync(join(root, 'functions/settings.ts'), 'utf8');
  return [...new Set([...(source.match(/STEWARD_[A-Z_]+/g) ?? []), ...announced])];
}

/** What Functions itself reads, and with which of its features. */
export const settingsOfTheHost: Readonly<Record<string, 'always' | 'queue' | 'dts'>> = {
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
};

import * as z from 'zod';

import { parsePolicy } from '../domain/policy';
import type { Policy } from '../domain/policy';

/** What a deployment sets; read once, when the app is loaded. */
export interface Settings {
  /** ARM endpoint of the cloud. */
  readonly armEndpoint: string;
  /** Endpoint of Microsoft Graph in the cloud. */
  readonly graphEndpoint: string;
  /** Of Microsoft Entra ID in the cloud, where identities get their tokens. */
  readonly authority: string;
  /** Origin through which ARM is reached, if not directly. */
  readonly armGateway: string | undefined;
  /** How the API servers of private clusters are reached. */
  readonly privateClusters: 'direct' | 'runCommand';
  readonly subscriptions: readonly string[];
  readonly policy: Policy;
  /** `sqlite:<file>`. */
  readonly records: string;
  /** Six-field NCRONTAB. */
  readonly sweepSchedule: string;
  /** Client id of the user-assigned identity that Steward acts as; its system-assigned one if empty. */
  readonly identityClientId: string | undefined;
  /** What spans, log lines and measurements are sent with, besides what the host does. */
  readonly telemetry: 'none' | 'opentelemetry';
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const webAddress = z.url({ protocol: /^https?$/, error: 'must begin with https:// or http://' });

const Environment = z.object({
  STEWARD_ARM_ENDPOINT: webAddress.default('https://management.azure.com'),
  STEWARD_GRAPH_ENDPOINT: webAddress.default('https://graph.microsoft.com'),
  STEWARD_AUTHORITY: webAddress.default('https://login.microsoftonline.com'),
  STEWARD_ARM_GATEWAY: webAddress.optional(),
  STEWARD_PRIVATE_CLUSTERS: z
    .enum(['direct', 'runCommand'], { error: "must be 'direct' or 'runCommand'" })
    .default('direct'),
  STEWARD_SUBSCRIPTIONS: z
    .string({ error: 'name the subscriptions to look after, separated by commas' })
    .transform((text) =>
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter((part) => part !== ''),
    )
    .refine((ids) => ids.length > 0 && ids.every((id) => guid.test(id)), {
      error: 'must be subscription ids, separated by commas',
    }),
  STEWARD_POLICY: z.string().optional(),
  STEWARD_RECORDS: z
    .string({ error: "say where to keep state: 'sqlite:<file>'" })
    .startsWith('sqlite:', { error: "must look like 'sqlite:<file>'" }),
  STEWARD_SWEEP_SCHEDULE: z.string().default('0 0 */6 * * *'),
  STEWARD_IDENTITY_CLIENT_ID: z.string().optional(),
  STEWARD_TELEMETRY: z
    .enum(['none', 'opentelemetry'], { error: "must be 'none' or 'opentelemetry'" })
    .default('none'),
  OTEL_EXPORTER_OTLP_ENDPOINT: webAddress.optional(),
});

const Complete = Environment.refine(
  ({ STEWARD_TELEMETRY: telemetry, OTEL_EXPORTER_OTLP_ENDPOINT: receiver }) =>
    telemetry === 'none' || receiver !== undefined,
  {
    path: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
    error: "say where to send telemetry, or set STEWARD_TELEMETRY to 'none'",
  },
);

/** @throws Error of one line that names the setting. */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = Complete.safeParse(environment);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`Setting ${String(issue?.path[0])}: ${issue?.message ?? 'is wrong'}.`);
  }
  const env = parsed.data;
  return {
    armEndpoint: env.STEWARD_ARM_ENDPOINT.replace(/\/$/, ''),
    graphEndpoint: env.STEWARD_GRAPH_ENDPOINT.replace(/\/$/, ''),
    authority: env.STEWARD_AUTHORITY.replace(/\/$/, ''),
    armGateway: env.STEWARD_ARM_GATEWAY,
    privateClusters: env.STEWARD_PRIVATE_CLUSTERS,
    subscriptions: env.STEWARD_SUBSCRIPTIONS,
    policy: policyOf(env.STEWARD_POLICY),
    records: env.STEWARD_RECORDS,
    sweepSchedule: env.STEWARD_SWEEP_SCHEDULE,
    identityClientId: env.STEWARD_IDENTITY_CLIENT_ID,
    telemetry: env.STEWARD_TELEMETRY,
  };
}

function policyOf(text: string | undefined): Policy {
  try {
    return parsePolicy(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`Setting STEWARD_POLICY: ${message}.`, { cause: error });
  }
}

/** The entry point: reads the settings, builds the real clients, registers every function. */
import { createClients } from '../clients';
import { managedIdentity } from '../clients/credential';
import { capabilityNeedsFor } from '../activities/capabilities';
import { migrationPapers } from '../activities/migration/plans';
import { existingClusters } from '../clients/existing-clusters';
import { viaGateway } from '../clients/gateway';
import { ownPermissions } from '../clients/own-permissions';
import { openRecords } from '../clients/records/open-records';
import { parseSettings } from '../settings/parse-settings';
import { unknownSettings } from '../settings/unknown-settings';
import { registerApp } from './app';
import { sendTelemetry } from './telemetry';

// First of all: with a wrong setting no file is made and no function registered.
const settings = parseSettings(process.env);
// eslint-disable-next-line no-console -- there is no invocation yet whose log could be written to
for (const line of unknownSettings(process.env)) console.warn(line);
if (settings.telemetry === 'opentelemetry') await sendTelemetry();
const records = openRecords(settings.records, managedIdentity(settings.hostClientId));
const clients = createClients({
  credential: managedIdentity(settings.identityClientId),
  endpoint: settings.armEndpoint,
  graphEndpoint: settings.graphEndpoint,
  authority: settings.authority,
  privateClusters: settings.privateClusters,
  readOnly: !settings.enabled,
  records,
  ...(settings.armGateway !== undefined && { httpClient: viaGateway(settings.armGateway) }),
});

registerApp(
  clients,
  {
    records,
    policy: settings.policy,
    enabled: settings.enabled,
    subscriptions: settings.subscriptions,
    existing: existingClusters(clients),
    migrationPapers: migrationPapers(records),
    ownPermissions: ownPermissions(clients),
    capabilityNeeds: capabilityNeedsFor(settings.privateClusters),
  },
  settings,
);

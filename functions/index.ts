/** The entry point: reads the settings, builds the real clients, registers every function. */
import { createClients } from '../clients';
import { managedIdentity } from '../clients/credential';
import { capabilityNeeds } from '../activities/capabilities';
import { migrationPapers } from '../activities/migration/plans';
import { existingClusters } from '../clients/existing-clusters';
import { viaGateway } from '../clients/gateway';
import { ownPermissions } from '../clients/own-permissions';
import { openRecords } from '../clients/records/open-records';
import { registerApp } from './app';
import { parseSettings } from './settings';

const settings = parseSettings(process.env);
const records = openRecords(settings.records, managedIdentity(settings.hostClientId));
const clients = createClients({
  credential: managedIdentity(settings.identityClientId),
  endpoint: settings.armEndpoint,
  graphEndpoint: settings.graphEndpoint,
  authority: settings.authority,
  privateClusters: settings.privateClusters,
  records,
  ...(settings.armGateway !== undefined && { httpClient: viaGateway(settings.armGateway) }),
});

registerApp(
  clients,
  {
    records,
    policy: settings.policy,
    subscriptions: settings.subscriptions,
    existing: existingClusters(clients),
    migrationPapers: migrationPapers(records),
    ownPermissions: ownPermissions(clients),
    capabilityNeeds,
  },
  settings.sweepSchedule,
);

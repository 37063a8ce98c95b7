/** The entry point: reads the settings, builds the real clients, registers every function. */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { createClients } from '../clients';
import { managedIdentity } from '../clients/credential';
import { capabilityNeedsFor } from '../activities/capabilities';
import { migrationPapers } from '../activities/migration/plans';
import { existingClusters } from '../clients/existing-clusters';
import { viaGateway } from '../clients/gateway';
import { ownPermissions } from '../clients/own-permissions';
import { openSqliteRecords } from '../clients/records/sqlite-records';
import type { Records } from '../clients/records/records';
import { registerApp } from './app';
import { parseSettings } from './settings';
import type { Settings } from './settings';

const settings = parseSettings(process.env);
const records = openRecords(settings);
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
    capabilityNeeds: capabilityNeedsFor(settings.privateClusters),
  },
  settings.sweepSchedule,
);

function openRecords({ records: address }: Settings): Records {
  const path = resolve(address.slice('sqlite:'.length));
  mkdirSync(dirname(path), { recursive: true });
  return openSqliteRecords(path);
}

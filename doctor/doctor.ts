import { capabilityNeedsFor } from '../activities/capabilities';
import { createClients } from '../clients';
import type { Clients } from '../clients';
import { aksApiVersion } from '../clients/aks-api-version';
import { connects } from '../clients/connects';
import { azureCli, managedIdentity } from '../clients/credential';
import { viaGateway } from '../clients/gateway';
import { ownPermissions } from '../clients/own-permissions';
import { reaching, reachingStorage } from '../clients/reach';
import { openSqliteRecords } from '../clients/records/sqlite-records';
import { readSettings } from '../settings/parse-settings';
import type { Environment, Settings } from '../settings/parse-settings';
import { isAuthenticated, isOnAzure } from '../settings/platform';
import { unknownSettings } from '../settings/unknown-settings';
import { checkApiServers } from './api-servers';
import type { ListedCluster } from './api-servers';
import type { DoctorOptions } from './arguments';
import { note, ok, problem } from './check';
import type { Check } from './check';
import { checkPermissions } from './permissions';
import { checkReachability } from './reachability';

/** Looks at an installation. Nothing is changed, in Azure or here: every request is a GET. */
export async function examine(
  environment: Environment,
  { need, clusters }: Pick<DoctorOptions, 'need' | 'clusters'>,
): Promise<readonly Check[]> {
  const { settings, problems } = readSettings(environment);
  const unknown = unknownSettings(environment).map((text) => note('settings', text));
  if (!settings) return [...problems.map(({ text }) => problem('settings', text)), ...unknown];
  const credential = credentialFor(environment);
  const httpClient =
    settings.armGateway === undefined ? undefined : viaGateway(settings.armGateway);
  const ways = {
    reach: reaching(httpClient),
    reachStorage: reachingStorage(credential(settings.hostClientId)),
  };
  const clients = clientsFor(settings, credential(settings.identityClientId));
  return [
    ok('settings', 'The settings are right.'),
    ...unknown,
    ...aboutAuth(settings, environment),
    ...(await checkReachability(settings, environment, ways)),
    ...(await checkPermissions({
      subscriptions: settings.subscriptions,
      needs: capabilityNeedsFor(settings.privateClusters),
      need,
      clustersOf: clustersOf(clients),
      ownPermissions: ownPermissions(clients),
    })),
    ...(clusters ? await checkWays(settings, clustersOf(clients)) : []),
  ];
}

/** The identity of the app where there is one, and else whoever is signed in. */
function credentialFor(environment: Environment): typeof managedIdentity {
  return (environment['IDENTITY_ENDPOINT'] ?? '') === '' ? azureCli : managedIdentity;
}

function clientsFor(settings: Settings, credential: ReturnType<typeof managedIdentity>): Clients {
  const { armEndpoint, graphEndpoint, authority, armGateway } = settings;
  return createClients({
    credential,
    endpoint: armEndpoint,
    graphEndpoint,
    authority,
    readOnly: true,
    records: openSqliteRecords(':memory:'),
    ...(armGateway !== undefined && { httpClient: viaGateway(armGateway) }),
  });
}

function aboutAuth({ auth, enabled }: Settings, environment: Environment): Check[] {
  const on = enabled ? [] : [note('settings', 'Steward is switched off by STEWARD_ENABLED.')];
  const isClosed = auth === 'entra' && isOnAzure(environment) && !isAuthenticated(environment);
  if (!isClosed) return on;
  const cause =
    'App Service authentication is off, and STEWARD_AUTH=entra refuses every call then.';
  return [...on, problem('settings', `${cause} Turn it on, or set STEWARD_AUTH to keys.`)];
}

async function checkWays(
  { subscriptions, privateClusters }: Settings,
  list: ReturnType<typeof clustersOf>,
): Promise<readonly Check[]> {
  // A subscription whose clusters cannot be listed has been reported already.
  const all = await Promise.all(subscriptions.map((id) => list(id).catch(() => [])));
  return checkApiServers(all.flat(), { connects, skipPrivate: privateClusters === 'runCommand' });
}

interface Page {
  readonly value?: readonly ListedCluster[];
  readonly nextLink?: string | null;
}

function clustersOf(clients: Clients) {
  return async (subscriptionId: string): Promise<readonly ListedCluster[]> => {
    const arm = await clients.arm(subscriptionId);
    const clusters: ListedCluster[] = [];
    let next: string | undefined =
      `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerService/managedClusters?api-version=${aksApiVersion}`;
    while (next !== undefined) {
      const path: string = next;
      const { value = [], nextLink } = (await arm({ method: 'GET', path })).body as Page;
      clusters.push(...value);
      next = nextLink ?? undefined;
    }
    return clusters;
  };
}

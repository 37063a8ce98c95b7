import { capabilityNeeds } from '../activities/capabilities';
import { createClients } from '../clients';
import type { Clients } from '../clients';
import { aksApiVersion } from '../clients/aks-api-version';
import { azureCli, managedIdentity } from '../clients/credential';
import { viaGateway } from '../clients/gateway';
import { ownPermissions } from '../clients/own-permissions';
import { reaching, reachingStorage } from '../clients/reach';
import { openSqliteRecords } from '../clients/records/sqlite-records';
import type { Capability } from '../domain/permissions';
import { readSettings } from '../settings/parse-settings';
import type { Environment, Settings } from '../settings/parse-settings';
import { isAuthenticated, isOnAzure } from '../settings/platform';
import { unknownSettings } from '../settings/unknown-settings';
import { note, ok, problem } from './check';
import type { Check } from './check';
import { checkPermissions } from './permissions';
import { checkReachability } from './reachability';

/** Looks at an installation. Nothing is changed, in Azure or here: every request is a GET. */
export async function examine(
  environment: Environment,
  need: readonly Capability[],
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
      needs: capabilityNeeds,
      need,
      clustersOf: clustersOf(clients),
      ownPermissions: ownPermissions(clients),
    })),
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

interface Page {
  readonly value?: readonly { readonly id: string }[];
  readonly nextLink?: string | null;
}

function clustersOf(clients: Clients) {
  return async (subscriptionId: string): Promise<readonly string[]> => {
    const arm = await clients.arm(subscriptionId);
    const ids: string[] = [];
    let next: string | undefined =
      `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerService/managedClusters?api-version=${aksApiVersion}`;
    while (next !== undefined) {
      const path: string = next;
      const { value = [], nextLink } = (await arm({ method: 'GET', path })).body as Page;
      ids.push(...value.map(({ id }) => id));
      next = nextLink ?? undefined;
    }
    return ids;
  };
}

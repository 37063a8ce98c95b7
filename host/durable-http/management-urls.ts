/** Where callers reach the Durable HTTP API, and with what. */
export interface DurableAddress {
  /** Ends in `/runtime/webhooks/durabletask` */
  readonly baseUrl: string;
  readonly hubName: string;
  /** Name of the storage connection */
  readonly connection: string;
  /** System key of the extension */
  readonly key: string;
}

/** The connection that an app has without saying so. */
export const standardConnection = 'Storage';

export type ManagementUrls = Readonly<Record<string, string>>;

/** Links to everything that can be done with an instance, in the order in which Azure lists them. */
export function toManagementUrls(
  address: DurableAddress,
  instanceId: string,
  { withRewind }: { readonly withRewind: boolean },
): ManagementUrls {
  const query = requiredQuery(address);
  const instance = `${address.baseUrl}/instances/${encodeId(instanceId)}`;
  const action = (path: string): string =>
    `${instance}/${path}${path.includes('?') ? '&' : '?'}${query}`;
  return {
    id: instanceId,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: action('raiseEvent/{eventName}'),
    terminatePostUri: action('terminate?reason={text}'),
    ...(withRewind ? { rewindPostUri: action('rewind?reason={text}') } : {}),
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: action('restart'),
    suspendPostUri: action('suspend?reason={text}'),
    resumePostUri: action('resume?reason={text}'),
  };
}

function requiredQuery({ hubName, connection, key }: DurableAddress): string {
  return `taskHub=${hubName}&connection=${connection}&code=${key}`;
}

/** As .NET's URL encoding writes it: a space is a plus. */
function encodeId(instanceId: string): string {
  return encodeURIComponent(instanceId)
    .replaceAll('%20', '+')
    .replaceAll('~', '%7E')
    .replaceAll("'", '%27');
}

/** What a function with a durable client gets: the SDK's `getClient` reads it. */
export function toClientInput(
  address: DurableAddress,
  rpcBaseUrl: string,
): Record<string, unknown> {
  const { baseUrl, hubName, key } = address;
  const create = `${baseUrl}/orchestrators/{functionName}[/{instanceId}]`;
  const wait = 'timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}';
  return {
    taskHubName: hubName,
    connectionName: null,
    creationUrls: {
      createNewInstancePostUri: `${create}?code=${key}`,
      createAndWaitOnNewInstancePostUri: `${create}?${wait}&code=${key}`,
    },
    managementUrls: toManagementUrls(address, 'INSTANCEID', { withRewind: true }),
    baseUrl,
    requiredQueryStringParameters: `code=${key}`,
    rpcBaseUrl,
    httpBaseUrl: null,
    maxGrpcMessageSizeInBytes: null,
    grpcHttpClientTimeout: null,
  };
}

import type { AuthorizationManagementClient } from '@azure/arm-authorization';
import type {
  ContainerServiceClient,
  ContainerServiceClientOptionalParams,
} from '@azure/arm-containerservice';
import type { FeatureClient } from '@azure/arm-features';
import type { ManagedServiceIdentityClient } from '@azure/arm-msi';
import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { ResourceManagementClient } from '@azure/arm-resources';
import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';

import type { ClusterId } from '../domain/ids';
import { absent } from '../domain/pod-identity/net-raw';
import type { KubernetesReader } from '../domain/pod-identity/net-raw';
import { correlationPolicy } from './correlation';
import { askedAgain } from './credential';
import type { Directory } from './directory';
import { readOnlyPolicy } from './read-only';
import type { ExchangeAssertion } from './entra';
import type { ReadIssuer } from './issuer-documents';
import type { Kubernetes, PrivateClusters } from './kubernetes/connect';
import type { RawArm } from './raw-arm';
import type { Records } from './records/records';

/** SDK clients by subscription, each loaded on first use, and the store of Steward's own state. */
export interface Clients {
  containerService(subscriptionId: string): Promise<ContainerServiceClient>;
  managedIdentity(subscriptionId: string): Promise<ManagedServiceIdentityClient>;
  authorization(subscriptionId: string): Promise<AuthorizationManagementClient>;
  features(subscriptionId: string): Promise<FeatureClient>;
  resources(subscriptionId: string): Promise<ResourceManagementClient>;
  resourceGraph(): Promise<ResourceGraphClient>;
  /** JSON as it is on the wire, through the pipeline of the container service client. */
  arm(subscriptionId: string): Promise<RawArm>;
  /** The API server of a cluster. */
  readonly kubernetes: Kubernetes;
  /** How private clusters are reached; `direct` when absent. */
  readonly privateClusters?: PrivateClusters;
  /** Microsoft Graph. */
  readonly directory: Directory;
  /** Microsoft Entra ID. */
  readonly exchangeAssertion: ExchangeAssertion;
  /** Public documents of OIDC issuers. */
  readonly readIssuer: ReadIssuer;
  readonly records: Records;
  /** Absent where Steward does not reach the API servers of clusters. */
  readonly readKubernetes?: KubernetesReader;
}

export interface ClientOptions {
  readonly credential: TokenCredential;
  /** ARM endpoint of the cloud: also the base of the token scope. */
  readonly endpoint: string;
  /** Of Microsoft Graph: also the base of its token scope. */
  readonly graphEndpoint?: string;
  /** Of Microsoft Entra ID, where identities get their tokens. */
  readonly authority?: string;
  readonly httpClient?: HttpClient;
  readonly privateClusters?: PrivateClusters;
  /** Nothing in Azure or in a cluster is changed: whatever would is refused as `SwitchedOff` before it is sent. */
  readonly readOnly?: boolean;
  /** Lets time pass while a command runs in a private cluster; a test has no time. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  readonly records: Records;
  readonly readKubernetes?: KubernetesReader;
}

/** Nothing is loaded or connected yet. One set of clients serves the process. */
export function createClients(from: ClientOptions): Clients {
  const { endpoint, httpClient, records } = from;
  const options = {
    endpoint,
    credentials: { scopes: [`${endpoint}/.default`] },
    retryOptions: { maxRetries: 0 }, // the retry policies of the orchestrations own the schedule
    userAgentOptions: { userAgentPrefix: 'aks-identity-steward/0.1' },
    additionalPolicies: [correlationPolicy, ...(from.readOnly ? [readOnlyPolicy] : [])].map(
      (policy) => ({ policy, position: 'perCall' as const }),
    ),
    ...(httpClient && { httpClient }),
  };
  const credential = askedAgain(from.credential);
  const sdk = sdkClients(credential, options);
  const arm = bySubscription(async (id) => {
    const { pipeline } = await sdk.containerService(id);
    const { rawArm } = await import('./raw-arm');
    return rawArm(pipeline, { endpoint, httpClient });
  });
  const kubernetes = loadedOnUse(async () => {
    const { connectKubernetes } = await import('./kubernetes/connect');
    return connectKubernetes({ ...from, credential, arm });
  });
  return {
    ...sdk,
    arm,
    kubernetes,
    ...(from.privateClusters && { privateClusters: from.privateClusters }),
    ...plainClients({ ...from, credential }),
    records,
    readKubernetes: from.readKubernetes ?? readerOf(kubernetes),
  };
}

/** What is asked without an SDK client. */
function plainClients({
  credential,
  endpoint,
  graphEndpoint = 'https://graph.microsoft.com',
  authority = 'https://login.microsoftonline.com',
  httpClient,
}: ClientOptions): Pick<Clients, 'directory' | 'readIssuer' | 'exchangeAssertion'> {
  return {
    directory: loadedOnUse(async () => {
      const { directory } = await import('./directory');
      return directory({ credential, endpoint: graphEndpoint, ...(httpClient && { httpClient }) });
    }),
    readIssuer: loadedOnUse(async () => {
      const { issuerReader } = await import('./issuer-documents');
      return issuerReader(httpClient);
    }),
    exchangeAssertion: loadedOnUse(async () => {
      const { exchangeAssertions } = await import('./entra');
      return exchangeAssertions({ authority, armEndpoint: endpoint, httpClient });
    }),
  };
}

function readerOf(kubernetes: Kubernetes): KubernetesReader {
  return async (clusterId, path) => {
    const api = await kubernetes(clusterId as ClusterId);
    return (await api.get(path)) ?? absent;
  };
}

type SdkClients = Pick<
  Clients,
  | 'containerService'
  | 'managedIdentity'
  | 'authorization'
  | 'features'
  | 'resources'
  | 'resourceGraph'
>;

function sdkClients(
  credential: TokenCredential,
  options: ContainerServiceClientOptionalParams,
): SdkClients {
  return {
    containerService: bySubscription(async (id) => {
      const { ContainerServiceClient } = await import('@azure/arm-containerservice');
      return new ContainerServiceClient(credential, id, options);
    }),
    managedIdentity: bySubscription(async (id) => {
      const { ManagedServiceIdentityClient } = await import('@azure/arm-msi');
      return new ManagedServiceIdentityClient(credential, id, options);
    }),
    authorization: bySubscription(async (id) => {
      const { AuthorizationManagementClient } = await import('@azure/arm-authorization');
      return new AuthorizationManagementClient(credential, id, options);
    }),
    features: bySubscription(async (id) => {
      const { FeatureClient } = await import('@azure/arm-features');
      return new FeatureClient(credential, id, options);
    }),
    resources: bySubscription(async (id) => {
      const { ResourceManagementClient } = await import('@azure/arm-resources');
      return new ResourceManagementClient(credential, id, options);
    }),
    resourceGraph: once(async () => {
      const { ResourceGraphClient } = await import('@azure/arm-resourcegraph');
      return new ResourceGraphClient(credential, options);
    }),
  };
}

function bySubscription<T>(create: (subscriptionId: string) => Promise<T>) {
  const known = new Map<string, Promise<T>>();
  return (subscriptionId: string): Promise<T> => {
    const client = known.get(subscriptionId) ?? create(subscriptionId);
    known.set(subscriptionId, client);
    return client;
  };
}

/** A function that is made, and what it needs loaded, when it is first called. */
function loadedOnUse<Input, Result>(
  load: () => Promise<(input: Input) => Promise<Result>>,
): (input: Input) => Promise<Result> {
  const loaded = once(load);
  return async (input) => (await loaded())(input);
}

function once<T>(create: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= create());
}

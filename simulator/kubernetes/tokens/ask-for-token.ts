import { at, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { metadataOn } from '../pod-identity/redirect';
import type { KubeObject } from '../resource-table';
import { isWindows } from './app';
import type { App } from './app-facts';
import type { Asked, Request } from './asked';
import { exchangeError, identityWith } from './exchange';
import { metadataToken } from './instance-metadata';
import { askNmi } from './managed-identity-node';

interface Place {
  readonly cluster: Cluster;
  readonly world: World;
}

const proxy = 'azwi-proxy';
const proxyUser = 1501;

/**
 * What a token request of a pod's app gives, by the way that it takes: a library that finds the environment of workload
 * identity exchanges the projected token; everybody else asks the metadata endpoint, which the proxy of the pod, NMI, or
 * nobody stands in front of. A token for another identity than the app needs is a failure.
 */
export function askForToken(pod: KubeObject, app: App, place: Place): Asked {
  const asked = ask(pod, app, place);
  if (asked.error !== undefined || asked.clientId === undefined) return asked;
  if (app.clientId === '' || same(asked.clientId, app.clientId)) return asked;
  const error = `the token is for ${asked.clientId}, not for ${app.clientId}`;
  return { ...asked, error };
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function ask(pod: KubeObject, app: App, place: Place): Asked {
  const environment = environmentOf(appContainer(pod));
  const { AZURE_CLIENT_ID: own = '', AZURE_FEDERATED_TOKEN_FILE: file } = environment;
  if (app.uses === 'sdk' && file !== undefined && own !== '') {
    return { path: 'federated', ...exchanged(pod, own, place) };
  }
  if (isProxied(pod)) return { path: 'sidecar', ...exchanged(pod, throughProxy(pod, app), place) };
  const resourceId = identityWith(app.clientId, place.world)?.id ?? '';
  const request: Request = { by: app.asksBy, clientId: app.clientId, resourceId };
  return askMetadata(pod, app.uses === 'sdk' ? bySdk(request, own) : request, place);
}

/** A library names the client id of the environment, where there is one. */
function bySdk(request: Request, own: string): Request {
  return own === '' ? request : { ...request, by: 'clientId', clientId: own };
}

function exchanged(pod: KubeObject, clientId: string, place: Place) {
  if (clientId === '') return { error: '400 the request names no client id' };
  const error = exchangeError(pod, clientId, place);
  return error === undefined ? { clientId } : { error };
}

/** The proxy reads a client id only; without one it takes that of its environment. */
function throughProxy(pod: KubeObject, { asksBy, clientId }: App): string {
  if (asksBy === 'clientId' && clientId !== '') return clientId;
  const container = containersOf(pod).find(({ name }) => name === proxy);
  return environmentOf(container)['AZURE_CLIENT_ID'] ?? '';
}

/** The redirect inside of the pod leaves out packets of the proxy's own user. */
function isProxied(pod: KubeObject): boolean {
  const names = containersOf(pod).map(({ name }) => name);
  if (!names.includes(proxy) || !names.includes(`${proxy}-init`)) return false;
  const user =
    at(appContainer(pod), 'securityContext', 'runAsUser') ??
    at(pod, 'spec', 'securityContext', 'runAsUser');
  return user !== proxyUser;
}

function askMetadata(pod: KubeObject, request: Request, place: Place): Asked {
  const node = textAt(pod, 'spec', 'nodeName') ?? '';
  if (at(pod, 'spec', 'hostNetwork') === true || isWindows(pod)) {
    return { path: 'imds', ...metadataToken(node, request, place) };
  }
  const metadata = metadataOn(node, place.cluster, place.world);
  if (metadata.kind === 'nmi') return askNmi(pod, { request, nmi: metadata.nmi }, place);
  if (metadata.kind === 'dead') return { path: 'imds', error: timedOut };
  return { path: 'imds', ...metadataToken(node, request, place) };
}

export const timedOut = 'connect ETIMEDOUT 169.254.169.254:80';

/** The container that does the work of a pod. */
export function appContainer(pod: KubeObject): JsonObject | undefined {
  return objectsAt(pod, 'spec', 'containers').find(({ name }) => name !== proxy);
}

function containersOf(pod: KubeObject): readonly JsonObject[] {
  return [...objectsAt(pod, 'spec', 'initContainers'), ...objectsAt(pod, 'spec', 'containers')];
}

function environmentOf(container: JsonObject | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    objectsAt(container, 'env').flatMap((one) => {
      const [name, value] = [textAt(one, 'name'), textAt(one, 'value')];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

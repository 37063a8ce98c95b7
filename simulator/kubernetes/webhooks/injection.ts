import { at, objectAt, objectsAt, textAt, withAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { annotationsOf } from '../controllers/objects';
import type { KubeObject } from '../resource-table';
import { proxyInit, proxySidecar } from './proxy-containers';

export const prefix = 'azure.workload.identity';
export const audience = 'api://AzureADTokenExchange';
const volume = 'azure-identity-token';
const expiry = `${prefix}/service-account-token-expiration`;

export interface Versions {
  readonly tenantId: string;
  /** Minor version of the webhook's 1.x. */
  readonly webhookMinor: number;
  /** Whether the API server is new enough for sidecars that are init containers. */
  readonly nativeSidecar: boolean;
}

export type Injected = { readonly pod: KubeObject } | { readonly error: string };

/** A pod as the webhook makes it: environment, token volume and, where it is asked for, the proxy. */
export function injected(pod: KubeObject, account: KubeObject, versions: Versions): Injected {
  const proxied = withProxy(pod, versions);
  if ('error' in proxied) return proxied;
  const seconds = expirationOf(pod, account);
  if (typeof seconds === 'string') return { error: seconds };
  const environment = environmentOf(account, versions);
  const skipped = skippedContainers(pod);
  const changed = (member: string): readonly JsonObject[] =>
    objectsAt(proxied.pod, 'spec', member).map((container) =>
      skipped.has(textAt(container, 'name') ?? '')
        ? container
        : withToken(container, environment, versions),
    );
  const inits = changed('initContainers');
  const spec: JsonObject = {
    ...objectAt(proxied.pod, 'spec'),
    containers: changed('containers'),
    ...(inits.length > 0 && { initContainers: inits }),
    volumes: volumesOf(pod, seconds),
  };
  return { pod: withAt(proxied.pod, ['spec'], spec) };
}

/** The annotation counts when it is there, whatever it says. */
function withProxy(pod: KubeObject, { nativeSidecar, webhookMinor }: Versions): Injected {
  if (annotationsOf(pod)[`${prefix}/inject-proxy-sidecar`] === undefined) return { pod };
  if (at(pod, 'spec', 'hostNetwork') === true) {
    return { error: 'hostNetwork is set to true, cannot inject proxy sidecar' };
  }
  const port = Number(annotationsOf(pod)[`${prefix}/proxy-sidecar-port`] ?? 8000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return { error: `failed to get proxy port: invalid port ${String(port)}` };
  }
  const member = nativeSidecar ? 'initContainers' : 'containers';
  const version = `v1.${webhookMinor}.0`;
  const inits = appended(objectsAt(pod, 'spec', 'initContainers'), proxyInit(port, version));
  const withInit = withAt(pod, ['spec', 'initContainers'], inits);
  const sidecar = proxySidecar(port, { version, native: nativeSidecar });
  const containers = prepended(objectsAt(withInit, 'spec', member), sidecar);
  return { pod: withAt(withInit, ['spec', member], containers) };
}

function appended(containers: readonly JsonObject[], one: JsonObject): readonly JsonObject[] {
  return containers.some(({ name }) => name === one['name']) ? containers : [...containers, one];
}

function prepended(containers: readonly JsonObject[], one: JsonObject): readonly JsonObject[] {
  return containers.some(({ name }) => name === one['name']) ? containers : [one, ...containers];
}

/** Seconds that the token lives; a text when they are out of range. */
function expirationOf(pod: KubeObject, account: KubeObject): number | string {
  const text = textAt(annotationsOf(pod), expiry) ?? textAt(annotationsOf(account), expiry);
  if (text === undefined || text === '') return 3600;
  const seconds = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(seconds)) return `strconv.ParseInt: parsing "${text}": invalid syntax`;
  if (seconds >= 3600 && seconds <= 86_400) return seconds;
  return `token expiration ${text} not valid. Expected value to be between 3600 and 86400`;
}

function environmentOf(account: KubeObject, { tenantId, webhookMinor }: Versions): JsonObject {
  const annotations = annotationsOf(account);
  return {
    AZURE_CLIENT_ID: annotations[`${prefix}/client-id`],
    AZURE_TENANT_ID: annotations[`${prefix}/tenant-id`] ?? tenantId,
    AZURE_FEDERATED_TOKEN_FILE: `${mountPath(webhookMinor)}/${volume}`,
    AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
  };
}

function mountPath(webhookMinor: number): string {
  return webhookMinor >= 6 ? '/var/run/secrets/azure/wi' : '/var/run/secrets/azure/tokens';
}

function skippedContainers(pod: KubeObject): ReadonlySet<string> {
  const text = textAt(annotationsOf(pod), `${prefix}/skip-containers`) ?? '';
  return new Set(text.split(';').map((name) => name.trim()));
}

/** A variable is added only where none of that name is there; `envFrom` is not looked at. */
function withToken(container: JsonObject, environment: JsonObject, versions: Versions): JsonObject {
  const present = objectsAt(container, 'env');
  const names = new Set<Json | undefined>(present.map(({ name }) => name));
  const added = Object.entries(environment)
    .filter(([name, value]) => typeof value === 'string' && value !== '' && !names.has(name))
    .map(([name, value]) => ({ name, value: value ?? '' }));
  const mounts = objectsAt(container, 'volumeMounts');
  const mount = {
    name: volume,
    mountPath: mountPath(versions.webhookMinor),
    readOnly: true,
  };
  const mounted = mounts.some(({ name }) => name === volume);
  return {
    ...container,
    env: [...present, ...added],
    volumeMounts: mounted ? mounts : [...mounts, mount],
  };
}

function volumesOf(pod: KubeObject, expirationSeconds: number): readonly JsonObject[] {
  const volumes = objectsAt(pod, 'spec', 'volumes');
  if (volumes.some(({ name }) => name === volume)) return volumes;
  const serviceAccountToken = { audience, expirationSeconds, path: volume };
  return [
    ...volumes,
    { name: volume, projected: { defaultMode: 420, sources: [{ serviceAccountToken }] } },
  ];
}

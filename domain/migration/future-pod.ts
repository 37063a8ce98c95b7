import { exchangeAudience } from './credential-name';
import type { WorkloadMigration } from './document';
import { objectAt, objectIn, objectsIn, textIn } from './json';
import type { Json } from './snapshot';
import { proxyInitName, proxyName, sidecarAnnotation, skipAnnotation } from './words';

/** The pod that a template makes, for the API server to look at and forget. */
export function rehearsalPod(namespace: string, template: Json): Json {
  const { labels, annotations } = objectAt(template, 'metadata');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'steward-rehearsal-',
      namespace,
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
    },
    spec: objectAt(template, 'spec'),
  };
}

/** What is wrong with a pod as it would be born: one sentence each; nothing when it can get tokens. */
export function faultsOfPod(pod: Json, workload: WorkloadMigration): readonly string[] {
  const spec = objectAt(pod, 'spec');
  const skipped = textIn(objectAt(pod, 'metadata', 'annotations')[skipAnnotation]).split(/;\s*/);
  const containers = objectsIn(spec['containers']).filter(({ name }) => {
    const known = textIn(name);
    return known !== proxyName && !skipped.includes(known);
  });
  return [
    ...containers.flatMap((container) => faultsOfContainer(container, workload)),
    ...faultsOfVolumes(spec),
    ...(workload.auth === 'sidecar' ? faultsOfSidecar(pod) : []),
  ];
}

function faultsOfContainer(
  container: Json,
  { defaultClientId }: WorkloadMigration,
): readonly string[] {
  const name = textIn(container['name']);
  const variable = (wanted: string) =>
    objectsIn(container['env']).find((one) => one['name'] === wanted);
  const clientId = variable('AZURE_CLIENT_ID');
  const isLiteral = typeof clientId?.['value'] === 'string';
  const other =
    clientId === undefined ||
    (isLiteral && textIn(clientId['value']).toLowerCase() !== defaultClientId?.toLowerCase());
  return [
    ...(other ? [`Container ${name} would not act as ${defaultClientId ?? 'any identity'}.`] : []),
    ...(variable('AZURE_FEDERATED_TOKEN_FILE')
      ? []
      : [`Container ${name} would have no federated token.`]),
  ];
}

function faultsOfVolumes(spec: Json): readonly string[] {
  const sources = objectsIn(spec['volumes']).flatMap((volume) =>
    objectsIn(objectAt(volume, 'projected')['sources']),
  );
  const has = sources.some(
    (source) => objectIn(source['serviceAccountToken'])['audience'] === exchangeAudience,
  );
  return has ? [] : ['The pod would mount no token for Entra.'];
}

function faultsOfSidecar(pod: Json): readonly string[] {
  const spec = objectAt(pod, 'spec');
  const all = [...objectsIn(spec['containers']), ...objectsIn(spec['initContainers'])];
  return [proxyName, proxyInitName]
    .filter((wanted) => !all.some(({ name }) => name === wanted))
    .map(
      (missing) =>
        `The pod would have no container ${missing}, though ${sidecarAnnotation} is set.`,
    );
}

/**
 * The init container of the proxy as the webhook has injected it, without what the webhook gives to every container and
 * gives to this one again when it stands in a template.
 */
export function injectedProxyInit(pod: Json): Json | undefined {
  const found = objectsIn(objectAt(pod, 'spec')['initContainers']).find(
    ({ name }) => name === proxyInitName,
  );
  if (!found) return undefined;
  const env = objectsIn(found['env']).filter(({ name }) => !textIn(name).startsWith('AZURE_'));
  const kept = Object.entries(found).filter(([name]) => !['env', 'volumeMounts'].includes(name));
  return { ...Object.fromEntries(kept), ...(env.length > 0 && { env }) };
}

import type { Json } from './snapshot';
import { objectIn, objectsIn } from './json';

/**
 * What a snapshot keeps of a Kubernetes object: what a plan is made from, and no more. A cluster of thousands of pods
 * must fit, and what applications hide in environment variables is not Steward's business.
 *
 * @returns undefined for an object that says nothing that another one does not say.
 */
export function keptObject(object: Json): Json | undefined {
  const kind = String(object['kind']);
  const trim = trims[kind] ?? withSpec;
  const kept = trim(object);
  return (
    kept && { ...pick(object, ['apiVersion', 'kind']), metadata: keptMetadata(object), ...kept }
  );
}

type Trim = (object: Json) => Json | undefined;

const withSpec: Trim = (object) => ({
  ...Object.fromEntries(
    Object.entries(object).filter(
      ([name]) => !['apiVersion', 'kind', 'metadata', 'status'].includes(name),
    ),
  ),
});
const withTemplate: Trim = (object) => ({
  spec: withoutValues(objectIn(object['spec'])),
  status: pick(objectIn(object['status']), ['replicas', 'readyReplicas', 'availableReplicas']),
});

const trims: Readonly<Record<string, Trim>> = {
  Deployment: withTemplate,
  StatefulSet: withTemplate,
  DaemonSet: withTemplate,
  ReplicationController: withTemplate,
  CronJob: withTemplate,
  // Revisions of a Deployment, and runs of a CronJob: they lead from a pod to its root.
  ReplicaSet: (object) => revision(object, 'Deployment'),
  Job: (object) => revision(object, 'CronJob'),
  Pod: keptPod,
  Namespace: () => ({}),
  ServiceAccount: (object) => pick(object, ['imagePullSecrets', 'automountServiceAccountToken']),
  AzureAssignedIdentity: (object) => pick(object, ['spec', 'status']),
  MutatingWebhookConfiguration: (object) => ({
    webhooks: objectsIn(object['webhooks']).map((webhook) => ({
      ...webhook,
      clientConfig: without(objectIn(webhook['clientConfig']), ['caBundle']),
    })),
  }),
};

function revision(object: Json, root: string): Json | undefined {
  const spec = objectIn(object['spec']);
  if (controllerOf(object)?.['kind'] !== root) return withTemplate(object);
  const isOld = spec['replicas'] === 0;
  return isOld ? undefined : {};
}

/** Controllers whose templates are read: their pods say nothing more, unless they carry the label or are NMI. */
const knownControllers = ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController'];

function keptPod(object: Json): Json | undefined {
  const labels = objectIn(objectIn(object['metadata'])['labels']);
  const controller = String(controllerOf(object)?.['kind']);
  const saysNothing =
    knownControllers.includes(controller) &&
    (labels['aadpodidbinding'] ?? '') === '' &&
    nmiContainer(object) === undefined;
  if (saysNothing) return undefined;
  return {
    spec: withoutValues(objectIn(object['spec'])),
    status: pick(objectIn(object['status']), ['phase', 'podIP', 'podIPs', 'hostIP']),
  };
}

/** The container of a pod that is NMI. Images may be mirrored: the end of their path tells. */
export function nmiContainer(pod: Json): string | undefined {
  const nmi = objectsIn(objectIn(pod['spec'])['containers']).find(({ image }) =>
    /(^|\/)nmi([:@]|$)/.test(typeof image === 'string' ? image : ''),
  );
  return typeof nmi?.['name'] === 'string' ? nmi['name'] : undefined;
}

// What last-applied-configuration holds, the object itself says; with it, values would be kept after all.
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function keptMetadata({ metadata }: Json): Json {
  const { annotations, managedFields, ...rest } = objectIn(metadata);
  return {
    ...without(rest, ['selfLink', 'generation']),
    ...(annotations !== undefined && {
      annotations: without(objectIn(annotations), [lastApplied]),
    }),
    // Who wrote it, not what: the fields are most of an object's size.
    ...(managedFields !== undefined && {
      managedFields: objectsIn(managedFields).map((entry) =>
        pick(entry, ['manager', 'operation', 'subresource']),
      ),
    }),
  };
}

function controllerOf({ metadata }: Json): Json | undefined {
  return objectsIn(objectIn(metadata)['ownerReferences']).find(
    ({ controller }) => controller === true,
  );
}

// Client ids, resource ids and switches: with what the SDKs read, the only values that a plan looks at.
const telling = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\/subscriptions\/|^(true|false)$/i;
const ofSdks =
  /^AZURE_(CLIENT_ID|TENANT_ID|AUTHORITY_HOST|FEDERATED_TOKEN_FILE|CLIENT_CERTIFICATE_PATH)$/;

/** A spec or template whose environment variables have no values but those that may name an identity. */
export function withoutValues(spec: Json): Json {
  return Object.fromEntries(
    Object.entries(spec).map(([name, value]) => [
      name,
      name === 'env' ? objectsIn(value).map(keptVariable) : deeper(value),
    ]),
  );
}

function deeper(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deeper);
  return typeof value === 'object' && value !== null ? withoutValues(value as Json) : value;
}

function keptVariable(variable: Json): Json {
  const { name, value } = variable;
  if (typeof value !== 'string' || value === '') return variable;
  const isSecret = /SECRET|PASSWORD/i.test(String(name));
  const tells = ofSdks.test(String(name)) || telling.test(value);
  return tells && !isSecret ? variable : { ...variable, value: '***' };
}

function pick(object: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}

function without(object: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

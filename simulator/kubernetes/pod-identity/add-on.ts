import { at, objectAt, objectsAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Inside } from '../controllers/inside';
import { labelsOf, nameOf, namespaceOf } from '../controllers/objects';
import type { Kind } from '../controllers/objects';
import { isSettled } from '../life/settled';
import type { KubeObject } from '../resource-table';
import { addOnExceptionName, addOnManifests, definitions, managedLabels } from './add-on-manifests';
import { isNmi, templateOf } from './images';
import { keepIdentities } from './scale-set-identities';

const kinds = ['AzureIdentity', 'AzureIdentityBinding', 'AzurePodIdentityException'] as const;

/**
 * Keeps the pod-identity add-on inside of a cluster as ARM has it: NMI, the exception of the add-ons, and an identity, a
 * binding or an exception for each entry. What somebody changes in the cluster is put back; the identities stand on the
 * scale sets as long as their entries do.
 */
export function mirrorPodIdentity(inside: Inside): void {
  if (!isSettled(inside)) return;
  const profile = objectAt(inside.cluster, 'properties', 'podIdentityProfile');
  if (profile['enabled'] === true) install(inside, profile);
  else if (isInstalled(inside) || hasManaged(inside)) uninstall(inside);
}

/** NMI of the add-on, not one that somebody installed. */
function addOnNmi(inside: Inside): KubeObject | undefined {
  return inside
    .list('DaemonSet')
    .find((set) => isNmi(templateOf(set)) && isManaged(set) && namespaceOf(set) === 'kube-system');
}

const isInstalled = (inside: Inside): boolean => addOnNmi(inside) !== undefined;

function hasManaged(inside: Inside): boolean {
  return kinds.some((kind) => inside.list(kind).some(isManaged));
}

function isManaged(object: KubeObject): boolean {
  return labelsOf(object)['kubernetes.azure.com/managedby'] === 'aks';
}

function install(inside: Inside, profile: JsonObject): void {
  for (const definition of definitions()) {
    ensureDefinition(inside, definition);
  }
  if (!isInstalled(inside))
    for (const [kind, object] of addOnManifests()) ensure(inside, kind, object);
  const wanted = wantedObjects(profile);
  for (const [kind, object] of wanted) ensure(inside, kind, object);
  const names = new Set(wanted.map(([kind, object]) => keyOf(kind, object)));
  dropManaged(inside, (kind, object) => names.has(keyOf(kind, object)));
  keepIdentities(
    inside,
    entriesOf(profile).flatMap((entry) => textAt(entry, 'identity', 'resourceId') ?? []),
  );
}

const entriesOf = (profile: JsonObject): readonly JsonObject[] =>
  objectsAt(profile, 'userAssignedIdentities');

const keyOf = (kind: Kind, object: KubeObject): string =>
  `${kind} ${namespaceOf(object)}/${nameOf(object)}`;

function ensureDefinition(inside: Inside, definition: KubeObject): void {
  const kind = 'CustomResourceDefinition';
  if (inside.get(kind, '', nameOf(definition)) === undefined) inside.create(kind, definition);
}

/** Makes an object, or puts its labels and its spec back. */
function ensure(inside: Inside, kind: Kind, object: KubeObject): void {
  const found = inside.get(kind, namespaceOf(object), nameOf(object));
  if (found === undefined) {
    inside.create(kind, object);
    return;
  }
  const labels = { ...labelsOf(found), ...labelsOf(object) };
  const labelled = withAt(found, ['metadata', 'labels'], labels);
  inside.put(kind, { ...labelled, ...(kind !== 'DaemonSet' && { spec: object['spec'] }) });
}

function wantedObjects(profile: JsonObject): readonly (readonly [Kind, KubeObject])[] {
  const exceptions = objectsAt(profile, 'userAssignedIdentityExceptions');
  return [
    ...entriesOf(profile).flatMap(objectsOfEntry),
    ...exceptions.map(exceptionObject),
    exceptionObject({
      name: addOnExceptionName,
      namespace: 'kube-system',
      podLabels: { 'kubernetes.azure.com/managedby': 'aks' },
    }),
  ];
}

function objectsOfEntry(entry: JsonObject): readonly (readonly [Kind, KubeObject])[] {
  const name = textAt(entry, 'name') ?? '';
  const namespace = textAt(entry, 'namespace') ?? '';
  const { resourceId, clientId } = objectAt(entry, 'identity');
  const metadata = (own: string) => ({ name: own, namespace, labels: managedLabels });
  const apiVersion = 'aadpodidentity.k8s.io/v1';
  return [
    [
      'AzureIdentity',
      {
        ...{ apiVersion, kind: 'AzureIdentity', metadata: metadata(name) },
        spec: { type: 0, resourceID: resourceId, clientID: clientId },
      },
    ],
    [
      'AzureIdentityBinding',
      {
        ...{ apiVersion, kind: 'AzureIdentityBinding', metadata: metadata(`${name}-binding`) },
        spec: { azureIdentity: name, selector: textAt(entry, 'bindingSelector') ?? name },
      },
    ],
  ];
}

function exceptionObject(entry: JsonObject): readonly [Kind, KubeObject] {
  const name = textAt(entry, 'name') ?? '';
  const namespace = textAt(entry, 'namespace') ?? '';
  return [
    'AzurePodIdentityException',
    {
      apiVersion: 'aadpodidentity.k8s.io/v1',
      kind: 'AzurePodIdentityException',
      metadata: { name, namespace, labels: managedLabels },
      spec: { podLabels: objectAt(entry, 'podLabels') },
    },
  ];
}

function dropManaged(inside: Inside, isWanted: (kind: Kind, object: KubeObject) => boolean): void {
  for (const kind of kinds) {
    for (const object of inside.list(kind)) {
      if (isManaged(object) && !isWanted(kind, object)) inside.delete(kind, object);
    }
  }
}

function uninstall(inside: Inside): void {
  dropManaged(inside, () => false);
  const exception = inside.get('AzurePodIdentityException', 'kube-system', addOnExceptionName);
  const nmi = addOnNmi(inside);
  const others = inside.list('DaemonSet').some((set) => set !== nmi && isNmi(templateOf(set)));
  if (exception !== undefined && !others) inside.delete('AzurePodIdentityException', exception);
  keepIdentities(inside, []);
  if (!others && kinds.every((kind) => inside.list(kind).length === 0)) dropDefinitions(inside);
  for (const [kind, object] of addOnManifests()) {
    const found = inside.get(kind, namespaceOf(object), nameOf(object));
    if (found !== undefined) inside.delete(kind, found);
  }
  if (nmi !== undefined && at(nmi, 'metadata', 'deletionTimestamp') === undefined) {
    inside.delete('DaemonSet', nmi);
  }
}

function dropDefinitions(inside: Inside): void {
  if (inside.list('AzureAssignedIdentity').length > 0) return;
  for (const definition of definitions()) {
    const found = inside.get('CustomResourceDefinition', '', nameOf(definition));
    if (found !== undefined) inside.delete('CustomResourceDefinition', found);
  }
}

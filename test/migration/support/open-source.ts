import { objectAt, objectsAt, textAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';

/** A world with the open-source pod identity of a fixture as if nobody but its owner kept it: no Helm release, no tool. */
export function installedByHand(given: JsonObject): JsonObject {
  return withObjects(given, (object) => {
    const { labels, annotations } = objectAt(object, 'metadata');
    const without = (members: JsonObject) =>
      Object.fromEntries(Object.entries(members).filter(([name]) => !/helm|managed-by/.test(name)));
    const metadata = {
      ...objectAt(object, 'metadata'),
      ...(labels !== undefined && { labels: without(objectAt(labels)) }),
      ...(annotations !== undefined && { annotations: without(objectAt(annotations)) }),
    };
    return [{ ...object, metadata }];
  });
}

/** The same in managed mode: there is no MIC, and people put the identities on the scale sets. */
export function inManagedMode(given: JsonObject): JsonObject {
  return withObjects(given, (object) => {
    const kind = textAt(object, 'kind');
    const name = textAt(object, 'metadata', 'name') ?? '';
    if (kind === 'AzureAssignedIdentity' || name === 'aad-pod-identity-mic') return [];
    if (name !== 'aad-pod-identity-nmi') return [object];
    const spec = objectAt(object, 'spec');
    const pod = objectAt(spec, 'template', 'spec');
    const containers = objectsAt(pod, 'containers').map((one) => ({
      ...objectAt(one),
      args: ['--operation-mode=managed'],
    }));
    const template = { ...objectAt(spec, 'template'), spec: { ...pod, containers } };
    return [{ ...object, spec: { ...spec, template } }];
  });
}

function withObjects(
  given: JsonObject,
  change: (object: JsonObject) => readonly JsonObject[],
): JsonObject {
  const clusters = Object.entries(objectAt(given, 'kubernetes')).map(([id, content]) => [
    id,
    {
      ...objectAt(content),
      objects: objectsAt(content, 'objects').flatMap((one: Json) => change(objectAt(one))),
    },
  ]);
  return { ...given, kubernetes: Object.fromEntries(clusters) as JsonObject };
}

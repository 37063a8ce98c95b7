import { textAt, withAt } from '../../json';
import type { Inside } from './inside';
import { isDeleting, nameOf, namespaceOf, resourceOf, withStatus } from './objects';
import type { Kind } from './objects';

const kinds = Object.keys(resourceOf) as Kind[];

/** Each namespace has a service account `default`; one that is being deleted takes with it what is in it. */
export function runNamespaces(inside: Inside): void {
  for (const namespace of inside.list('Namespace')) {
    if (isDeleting(namespace)) {
      empty(inside, nameOf(namespace));
      const phase = textAt(namespace, 'status', 'phase');
      if (phase !== 'Terminating')
        inside.put('Namespace', withStatus(namespace, { phase: 'Terminating' }));
      continue;
    }
    const missing = inside.get('ServiceAccount', nameOf(namespace), 'default') === undefined;
    if (missing) inside.create('ServiceAccount', serviceAccount(nameOf(namespace)));
    if (textAt(namespace, 'status', 'phase') === undefined) {
      inside.put('Namespace', withAt(namespace, ['status', 'phase'], 'Active'));
    }
  }
}

function serviceAccount(namespace: string) {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } };
}

function empty(inside: Inside, name: string): void {
  for (const kind of kinds) {
    for (const object of inside.list(kind)) {
      if (namespaceOf(object) === name) inside.delete(kind, object);
    }
  }
  const { objects } = inside.world;
  const left = kinds.some((kind) => inside.list(kind).some((one) => namespaceOf(one) === name));
  if (left) return;
  objects.delete({ cluster: inside.cluster.id, resource: 'namespaces', namespace: '', name });
}

import type { Manifest } from './manifest-file';
import { contentOf, fileName } from './manifest-file';

/**
 * A component that adds the new objects of a folder and changes the others. It is named in the
 * `components` of the kustomization that has the workloads. What that does not have is left out: a folder
 * tells of a whole namespace, a repository often has a part of it.
 */
export function kustomization(manifests: readonly Manifest[]): string {
  const resources = manifests.filter(({ is }) => is === 'resource').map(fileName);
  const patches = manifests
    .filter(({ is }) => is === 'patch')
    .map((manifest) => ({
      path: fileName(manifest),
      target: { kind: manifest.kind, name: manifest.name },
    }));
  return contentOf({
    body: {
      apiVersion: 'kustomize.config.k8s.io/v1alpha1',
      kind: 'Component',
      ...(resources.length > 0 && { resources }),
      ...(patches.length > 0 && { patches }),
    },
    notes: ['Name this folder in the components of the kustomization that has the workloads.'],
  });
}

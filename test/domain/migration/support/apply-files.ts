import { parse } from 'yaml';

import type { ManifestFile } from '../../../../domain/migration/manifests/manifest-file';
import { objectAt, objectIn, textIn } from '../../../../domain/migration/json';
import type { Json } from '../../../../domain/migration/snapshot';

/** Lists that a strategic merge joins, and by which member. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
};

/** A strategic merge of what the API server does with a patch of a workload. */
export function merge(value: unknown, patch: unknown, member = ''): unknown {
  if (Array.isArray(patch)) {
    const key = mergeKeys[member];
    if (key === undefined || !Array.isArray(value)) return patch;
    const known = value as readonly Json[];
    const patches = patch as readonly Json[];
    const merged = known.map((one) =>
      patches
        .filter((other) => other[key] === one[key])
        .reduce<unknown>((all, other) => merge(all, other), one),
    );
    return [...merged, ...patches.filter((other) => !known.some((one) => one[key] === other[key]))];
  }
  if (typeof patch !== 'object' || patch === null) return patch;
  const members = { ...objectIn(value) };
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) Reflect.deleteProperty(members, name);
    else members[name] = merge(members[name], change, name);
  }
  return members;
}

interface Component {
  readonly kind: string;
  readonly resources?: readonly string[];
  readonly patches?: readonly { readonly path: string; readonly target: Json }[];
}

/** Objects of a cluster after its files were applied as its kustomizations say. */
export function applyFiles(
  objects: readonly Json[],
  files: readonly ManifestFile[],
): readonly Json[] {
  const contents = new Map(files.map(({ path, content }) => [path, parse(content) as unknown]));
  const components = [...contents].filter(([path]) => path.endsWith('/kustomization.yaml'));
  return components.reduce<readonly Json[]>((all, [path, component]) => {
    const folder = path.replace('kustomization.yaml', '');
    const { resources = [], patches = [] } = component as Component;
    const read = (name: string) => {
      const found = contents.get(`${folder}${name}`);
      if (found === undefined) throw new Error(`there is no ${folder}${name}`);
      return found;
    };
    const made = resources.map((name) => read(name) as Json);
    return patches.reduce<readonly Json[]>(
      (now, one) => {
        const change = read(one.path);
        return now.map((object) =>
          isTarget(object, one.target, folder) ? changed(object, change) : object,
        );
      },
      [...all, ...made],
    );
  }, objects);
}

function isTarget(object: Json, { kind, name }: Json, folder: string): boolean {
  const metadata = objectAt(object, 'metadata');
  const where = textIn(metadata['namespace']) || '_cluster';
  return object['kind'] === kind && metadata['name'] === name && folder.includes(`/${where}/`);
}

function changed(object: Json, change: unknown): Json {
  if (!Array.isArray(change)) return merge(object, change) as Json;
  return (change as readonly { path: string; value: unknown }[]).reduce<Json>(
    (all, { path, value }) => {
      const copy = structuredClone(all) as Record<string, unknown>;
      const steps = path.split('/').slice(1);
      const list = steps
        .slice(0, -1)
        .reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], copy);
      (list as unknown[]).splice(Number(steps.at(-1)), 0, value);
      return copy;
    },
    object,
  );
}

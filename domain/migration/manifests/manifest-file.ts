import type { Json } from '../snapshot';
import { toYaml } from './yaml';

/** A file to download: for a pull request, or for somebody to apply. */
export interface ManifestFile {
  readonly path: string;
  readonly content: string;
}

/** An object for a file, before it is known what the file is called. */
export interface Manifest {
  /** Empty for what is in no namespace. */
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** New objects are resources of their own; the others change what somebody has. */
  readonly is: 'resource' | 'patch';
  /** An object, or the operations of a JSON patch. */
  readonly body: Json | readonly Json[];
  /** What a reader has to know; one line each. */
  readonly notes: readonly string[];
  /** Tells several files about one object apart. */
  readonly suffix?: string;
}

export function patch(
  { namespace, kind, name }: Pick<Manifest, 'namespace' | 'kind' | 'name'>,
  body: Json,
  notes: readonly string[] = [],
): Manifest {
  return { namespace, kind, name, is: 'patch', body, notes };
}

/** One file per object, so that a Deployment and a StatefulSet of one name never overwrite each other. */
export function fileName({ kind, name, suffix }: Manifest): string {
  const tail = suffix === undefined ? '' : `.${suffix}`;
  return `${safe(kind).toLowerCase()}-${safe(name)}${tail}.yaml`;
}

/** What is in no namespace has a folder whose name no namespace can have. */
export function folderOf(cluster: string, namespace: string): string {
  return `${safe(cluster)}/${namespace === '' ? '_cluster' : safe(namespace)}`;
}

export function contentOf({ body, notes }: Pick<Manifest, 'body' | 'notes'>): string {
  const comments = notes.map((note) => `# ${note.replace(/\s+/g, ' ')}\n`);
  return `${comments.join('')}${toYaml(body)}`;
}

/** Names come from clusters: none of them may lead out of its folder. */
function safe(name: string): string {
  return name.replace(/[^\w.-]/g, '-').replace(/^\.+/, '-');
}

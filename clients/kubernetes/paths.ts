/**
 * Refuses what Steward never asks of an API server. A path is taken as it is written: names of Kubernetes objects need
 * no escape, and one that has any is somebody's attempt to say another thing than it seems.
 *
 * @throws Error for a Secret, in whichever group, namespace or proxy, and for a path that is not plain.
 */
export function requirePermitted(path: string): void {
  const [plain = ''] = path.split('?');
  const segments = plain.split('/').slice(1);
  const isPlain =
    plain.startsWith('/') &&
    !/[%\\#\s]/.test(plain) &&
    segments.every((segment) => !['', '.', '..'].includes(segment));
  if (!isPlain) throw new Error(`not a path of an API server: ${plain}`);
  if (namesSecrets(segments.map((segment) => segment.toLowerCase()))) {
    throw new Error('Steward never asks for Secrets');
  }
}

function namesSecrets(segments: readonly string[]): boolean {
  const proxy = segments.indexOf('proxy');
  return resourceIn(segments) === 'secrets' || (proxy >= 0 && segments.includes('secrets', proxy));
}

/** The resource that a path is about: behind the group, and behind the namespace if there is one. */
function resourceIn([root, ...rest]: readonly string[]): string | undefined {
  const behindVersion = rest.slice(root === 'api' ? 1 : 2);
  const [first] = behindVersion;
  const objects = first === 'watch' ? behindVersion.slice(1) : behindVersion;
  const isInNamespace = objects[0] === 'namespaces' && objects.length > 2;
  return isInNamespace ? objects[2] : objects[0];
}

/** A path with some parameters more. */
export function withQuery(
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
): string {
  const [plain = '', query = ''] = path.split('?');
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) all.set(name, String(value));
  }
  const text = all.toString();
  return text === '' ? plain : `${plain}?${text}`;
}

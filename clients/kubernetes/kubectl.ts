import { FailureError } from '../../domain/outcome';
import { contentTypes } from './transport';
import type { KubeRequest } from './transport';

/**
 * Requests as command lines for the pod of `runCommand`, which has kubectl, gzip and base64. What an API server answers
 * comes back compressed, with a line behind it that tells that nothing was cut off. Source: kubectl, `--raw`.
 */
export const endMarker = 'steward-end';

// What Linux takes as one argument is 128 KiB; base64 and the rest of the line need room.
const longestBody = 90_000;

/** @throws FailureError `Unsupported` for what this way cannot carry. */
export function commandFor(request: KubeRequest): string {
  return `${kubectl(request)} | gzip | base64 -w0; echo; echo ${endMarker}`;
}

function kubectl(request: KubeRequest): string {
  const { method, path } = request;
  switch (method) {
    case 'GET':
      return `kubectl get --raw ${quoted(path)}`;
    case 'POST':
      // Its answer would stand in the result of the command, where ARM shows it to everybody who may read there.
      if (/\/token(\?|$)/.test(path)) throw cannot('issue tokens of service accounts');
      return `${fed(request)} | kubectl create --raw ${quoted(path)} -f -`;
    case 'DELETE':
      return `${fed(request)} | kubectl delete --raw ${quoted(path)} -f -`;
    case 'PATCH':
      return patch(request);
  }
}

/** There is no raw patch: kubectl has to be told what the path says. */
function patch(request: KubeRequest): string {
  const { path, contentType } = request;
  const query = new URLSearchParams(path.split('?')[1] ?? '');
  const common = [
    `--field-manager=${quoted(query.get('fieldManager') ?? '')}`,
    ...(query.get('dryRun') === 'All' ? ['--dry-run=server'] : []),
    '-o json',
  ].join(' ');
  if (contentType === contentTypes.apply) {
    const force = query.get('force') === 'true';
    return `${fed(request)} | kubectl apply --server-side --force-conflicts=${force} ${common} -f -`;
  }
  const type = contentType === contentTypes.jsonPatch ? 'json' : 'merge';
  const subject = subjectOf(path);
  return `kubectl patch ${subject} --type=${type} --patch "$(${fed(request)})" ${common}`;
}

const objectPath =
  /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)\/([^/?]+)(?:\?|$)/;

/** `deployments.v1.apps 'api' -n 'orders'`. */
function subjectOf(path: string): string {
  const [, group, version = '', namespace, plural = '', name] = objectPath.exec(path) ?? [];
  if (name === undefined) throw cannot(`patch ${path}`);
  const resource = group === undefined ? plural : `${plural}.${version}.${group}`;
  const inside = namespace === undefined ? '' : ` -n ${quoted(namespace)}`;
  return `${quoted(resource)} ${quoted(name)}${inside}`;
}

/** Writes the body to where it is piped to, whatever characters it has. */
function fed({ body }: KubeRequest): string {
  const text = Buffer.from(JSON.stringify(body)).toString('base64');
  if (text.length > longestBody) throw cannot('carry an object of this size');
  return `echo ${text} | base64 -d`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function cannot(what: string): FailureError {
  return new FailureError({
    code: 'Unsupported',
    message: `Over runCommand Steward cannot ${what}.`,
    next: 'Let Steward reach the API server: run it in a network that the private cluster is linked to.',
  });
}

import { isObject, objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { World } from '../../world';
import { ApiServer } from '../api-server';
import { groupsOf, resourceOfKind } from '../groups';
import type { KubeAnswer } from '../kube-request';
import { parseBody } from '../parse-body';
import { pathOf } from '../resource-table';
import type { ApiGroup, KubeResource } from '../resource-table';
import { applyType, strategicType } from '../patch';
import type { Ran } from './ran';

/** Where a command runs, and as whom. */
export interface CommandPod {
  readonly cluster: string;
  readonly world: World;
  readonly user: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

interface Arguments {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

const switches = ['server-side', 'force-conflicts'];
const longNames: Readonly<Record<string, string>> = {
  '-f': 'filename',
  '-n': 'namespace',
  '-p': 'patch',
};

const verbs: Readonly<Record<string, string>> = {
  get: 'GET',
  create: 'POST',
  replace: 'PUT',
  delete: 'DELETE',
};

/** `get|create|replace|delete --raw`, `patch` and `apply --server-side` as kubectl has them; nothing else of it. */
export function kubectl(words: readonly string[], pod: CommandPod): Ran {
  const read = argumentsIn(words);
  const [verb = ''] = read.words;
  const raw = read.flags.get('raw');
  const method = verbs[verb];
  if (raw !== undefined && method !== undefined) return onRaw(method, raw, { read, pod });
  if (verb === 'patch') return patch(read, pod);
  if (verb === 'apply' && read.flags.has('server-side')) return apply(read, pod);
  return failed(
    127,
    `error: the simulated kubectl knows get, create, replace and delete with --raw, patch, and apply --server-side; not "${words.join(' ')}"`,
  );
}

function argumentsIn(words: readonly string[]): Arguments {
  const plain: string[] = [];
  const flags = new Map<string, string>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name = longNames[word], value] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined) plain.push(word);
    else if (value !== undefined) flags.set(name, value);
    else flags.set(name, switches.includes(name) ? 'true' : (rest.shift() ?? ''));
  }
  return { words: plain, flags };
}

interface Call {
  readonly read: Arguments;
  readonly pod: CommandPod;
}

function onRaw(method: string, path: string, { read, pod }: Call): Ran {
  const body = fileFor(read, pod, 'filename');
  if (body === undefined) return noFile(read, 'filename');
  return printed(
    ask(pod, { method, path, body }),
    (answer) => answer.text ?? JSON.stringify(answer.body ?? {}),
  );
}

const patchTypes: Readonly<Record<string, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: strategicType,
};

function patch(read: Arguments, pod: CommandPod): Ran {
  const [, target = '', second] = read.words;
  const [kind = '', name = second ?? ''] = target.split('/');
  const found = resourceNamed(kind, pod);
  if (found === undefined) {
    return failed(1, `error: the server doesn't have a resource type "${kind}"`);
  }
  const { flags } = read;
  const body = flags.get('patch') ?? fileFor(read, pod, 'patch-file');
  if (body === undefined) return noFile(read, 'patch-file');
  const place = placeOf(found, { namespace: flagOf(read, 'namespace', 'default'), name });
  const query = new URLSearchParams({
    fieldManager: flagOf(read, 'field-manager', 'kubectl-patch'),
  });
  const type = patchTypes[flagOf(read, 'type', 'strategic')] ?? '';
  const answer = ask(pod, { method: 'PATCH', path: `${place}?${query.toString()}`, body, type });
  return printed(answer, () => `${titled(found, name)} patched\n`);
}

function flagOf({ flags }: Arguments, name: string, otherwise: string): string {
  return flags.get(name) ?? otherwise;
}

function apply(read: Arguments, pod: CommandPod): Ran {
  const body = fileFor(read, pod, 'filename');
  if (body === undefined) return noFile(read, 'filename');
  const object = parseBody(body);
  const found = isObject(object)
    ? resourceOfKind({ ...object, metadata: objectAt(object, 'metadata') })
    : undefined;
  if (found === undefined)
    return failed(1, 'error: the file holds no object of a kind that is served, as JSON');
  const { flags } = read;
  const name = textAt(object, 'metadata', 'name') ?? '';
  const namespace = textAt(object, 'metadata', 'namespace') ?? flagOf(read, 'namespace', 'default');
  const query = new URLSearchParams({
    fieldManager: flagOf(read, 'field-manager', 'kubectl'),
    force: String(flags.has('force-conflicts')),
  });
  const path = `${placeOf(found, { namespace, name })}?${query.toString()}`;
  const answer = ask(pod, { method: 'PATCH', path, body, type: applyType });
  return printed(answer, () => `${titled(found, name)} serverside-applied\n`);
}

interface Found {
  readonly group: ApiGroup;
  readonly resource: KubeResource;
}

function resourceNamed(kind: string, { cluster, world }: CommandPod): Found | undefined {
  for (const group of groupsOf(cluster, world)) {
    const resource = group.resources.find((one) =>
      [one.name, one.singular, ...one.shortNames, `${one.name}.${group.group}`].includes(
        kind.toLowerCase(),
      ),
    );
    if (resource) return { group, resource };
  }
  return undefined;
}

function placeOf(
  { group, resource }: Found,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): string {
  const within = resource.namespaced ? `/namespaces/${namespace}` : '';
  return `${pathOf(group)}${within}/${resource.name}/${name}`;
}

function titled({ group, resource }: Found, name: string): string {
  return `${resource.singular}${group.group === '' ? '' : `.${group.group}`}/${name}`;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly type?: string;
}

function ask({ cluster, world, user }: CommandPod, asked: Asked): KubeAnswer {
  const [path = '/', search = ''] = asked.path.split('?');
  return new ApiServer(cluster, world).handle({
    method: asked.method,
    path,
    query: new URLSearchParams(search),
    headers: {
      'content-type': asked.type ?? 'application/json',
      'user-agent': 'kubectl/v1.33.2 (linux/amd64)',
    },
    body: asked.body,
    user,
  });
}

/** A file of the context; the empty text where none is asked for, undefined for one that is not there. */
function fileFor({ flags }: Arguments, { files }: CommandPod, flag: string): string | undefined {
  const name = flags.get(flag);
  return name === undefined ? '' : files.get(name.replace(/^\.\//, ''))?.toString('utf8');
}

function noFile({ flags }: Arguments, flag: string): Ran {
  return failed(1, `error: open ${flags.get(flag) ?? ''}: no such file or directory`);
}

function printed(answer: KubeAnswer, show: (answer: KubeAnswer) => string): Ran {
  if (answer.status < 400) return { exitCode: 0, output: Buffer.from(show(answer)), errors: '' };
  const status: JsonObject = objectAt(answer.body);
  const reason = textAt(status, 'reason') ?? 'Unknown';
  return failed(1, `Error from server (${reason}): ${textAt(status, 'message') ?? ''}`);
}

function failed(exitCode: number, message: string): Ran {
  return { exitCode, output: Buffer.of(), errors: `${message}\n` };
}

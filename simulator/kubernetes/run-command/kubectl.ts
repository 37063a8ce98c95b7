import { isObject, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { parseBody } from '../parse-body';
import { applyType, strategicType } from '../patch';
import type { KubeAnswer } from '../kube-request';
import { ask } from './ask';
import type { CommandPod } from './command-pod';
import { argumentsIn, flagOf } from './kubectl-arguments';
import type { Arguments } from './kubectl-arguments';
import { applyErrorText, errorText, printedJson } from './kubectl-words';
import { placeOf, resourceNamed, resourceOf, titled } from './named-resource';
import type { Ran } from './ran';

interface Call {
  readonly read: Arguments;
  readonly pod: CommandPod;
  readonly input: Buffer;
}

const methods: Readonly<Record<string, string>> = {
  get: 'GET',
  create: 'POST',
  replace: 'PUT',
  delete: 'DELETE',
};

/** `get|create|replace|delete --raw`, `patch` and `apply --server-side` as kubectl has them; nothing else of it. */
export function kubectl(input: Buffer, words: readonly string[], pod: CommandPod): Ran {
  const read = argumentsIn(words);
  const call = { read, pod, input };
  const [verb = ''] = read.words;
  const raw = read.flags.get('raw');
  const method = methods[verb];
  if (read.unknown !== undefined) return failed(1, `error: unknown flag: --${read.unknown}`);
  if (raw !== undefined && method !== undefined) return onRaw(method, raw, call);
  if (verb === 'patch') return patch(call);
  if (verb === 'apply' && read.flags.get('server-side') === 'true') return apply(call);
  return failed(
    127,
    `error: the simulated kubectl knows get, create, replace and delete with --raw, patch, and apply --server-side; not "${words.join(' ')}"`,
  );
}

function onRaw(method: string, path: string, call: Call): Ran {
  const body = fileFor(call, 'filename');
  if (body === undefined) return noFile(call, 'filename');
  const answer = ask(call.pod, { method, path, body });
  if (answer.status >= 400) return failed(1, errorText(answer));
  return printed(answer.text ?? JSON.stringify(answer.body ?? {}));
}

const patchTypes: Readonly<Record<string, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: strategicType,
};

function patch(call: Call): Ran {
  const { read, pod } = call;
  const { kind, name } = subjectOf(read);
  const found = resourceNamed(kind, pod);
  if (found === undefined) {
    const [plural] = kind.split('.');
    return failed(1, `error: the server doesn't have a resource type "${plural ?? ''}"`);
  }
  const body = read.flags.get('patch') ?? fileFor(call, 'patch-file');
  if (body === undefined) return noFile(call, 'patch-file');
  const place = placeOf(found, { namespace: flagOf(read, 'namespace', 'default'), name });
  const query = queryOf(read, { fieldManager: flagOf(read, 'field-manager', 'kubectl-patch') });
  const type = patchTypes[flagOf(read, 'type', 'strategic')] ?? '';
  const answer = ask(pod, { method: 'PATCH', path: `${place}?${query}`, body, type });
  if (answer.status >= 400) return failed(1, errorText(answer));
  return changed(answer, read, `${titled(found, name)} patched`);
}

/** `deployment web` or `deployment/web`. */
function subjectOf({ words }: Arguments): { readonly kind: string; readonly name: string } {
  const [, target = '', second = ''] = words;
  const [kind = '', name = second] = target.split('/');
  return { kind, name };
}

function apply(call: Call): Ran {
  const { read, pod } = call;
  const body = fileFor(call, 'filename');
  if (body === undefined) return noFile(call, 'filename');
  const object = parseBody(body);
  if (!isObject(object)) return failed(1, 'error: the simulated kubectl reads one object, as JSON');
  const name = textAt(object, 'metadata', 'name') ?? '';
  const found = resourceOf(object, pod);
  if (found === undefined) return failed(1, noMapping(call, { object, name }));
  const namespace = textAt(object, 'metadata', 'namespace') ?? flagOf(read, 'namespace', 'default');
  const query = queryOf(read, {
    fieldManager: flagOf(read, 'field-manager', 'kubectl'),
    force: flagOf(read, 'force-conflicts', 'false'),
  });
  const path = `${placeOf(found, { namespace, name })}?${query}`;
  const answer = ask(pod, { method: 'PATCH', path, body, type: applyType });
  if (answer.status >= 400) return failed(1, applyErrorText(answer));
  return changed(answer, read, `${titled(found, name)} serverside-applied`);
}

function noMapping(
  { read }: Call,
  { object, name }: { readonly object: JsonObject; readonly name: string },
): string {
  const [kind, version] = ['kind', 'apiVersion'].map((one) => textAt(object, one) ?? '');
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  const file = flagOf(read, 'filename', '');
  return `error: resource mapping not found for name: "${name}" namespace: "${namespace}" from "${file === '-' ? 'STDIN' : file}": no matches for kind "${kind ?? ''}" in version "${version ?? ''}"\nensure CRDs are installed first`;
}

function queryOf(read: Arguments, parameters: Readonly<Record<string, string>>): string {
  const isDry = flagOf(read, 'dry-run', 'none') === 'server';
  return new URLSearchParams({ ...parameters, ...(isDry && { dryRun: 'All' }) }).toString();
}

/** What a write prints: one line, or with `-o json` the object. */
function changed(answer: KubeAnswer, read: Arguments, line: string): Ran {
  const format = flagOf(read, 'output', '');
  if (format === 'json') return printed(printedJson(answer.body));
  if (format !== '') return failed(1, `error: the simulated kubectl prints no ${format}`);
  const isDry = flagOf(read, 'dry-run', 'none') === 'server';
  return printed(`${line}${isDry ? ' (server dry run)' : ''}\n`);
}

/** A file of the context, or the input; the empty text where none is asked for, undefined for one that is not there. */
function fileFor({ read, pod, input }: Call, flag: string): string | undefined {
  const name = read.flags.get(flag);
  if (name === undefined) return '';
  return (name === '-' ? input : pod.files.get(name.replace(/^\.\//, '')))?.toString('utf8');
}

function noFile({ read }: Call, flag: string): Ran {
  return failed(1, `error: open ${flagOf(read, flag, '')}: no such file or directory`);
}

function printed(text: string): Ran {
  return { exitCode: 0, output: Buffer.from(text), errors: '' };
}

function failed(exitCode: number, message: string): Ran {
  return { exitCode, output: Buffer.of(), errors: `${message}\n` };
}

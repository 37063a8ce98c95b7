import { textAt } from '../json';
import type { JsonObject } from '../json';
import type { KubeAnswer, KubeRequest, WatchEvent } from './kube-request';
import type { Change, ObjectSource } from './object-source';
import { showList, showObject } from './representation';
import type { Shown } from './representation';
import type { KubeObject } from './resource-table';
import { selection } from './selectors';
import { failure, status } from './status';

const expired = 'The resourceVersion for the provided watch is too old.';

/** What a list or a watch reads. */
export interface Reading {
  readonly source: ObjectSource;
  readonly shown: Shown;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  /** How long a continue token holds, in milliseconds. */
  readonly tokenMs: number;
}

const tooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';

/** One page of the objects that the selectors choose. A continue token names the last one sent, the version and the time. */
export function listObjects(request: KubeRequest, reading: Reading): KubeAnswer {
  const { query } = request;
  const { source, shown, namespace, tokenMs } = reading;
  const chosen = source.list(namespace).filter(selection(query, shown.resource));
  const token = readToken(query.get('continue'), shown.now);
  if (token === undefined) return failure(400, 'continue key is not valid: it is malformed');
  const isOld = shown.now - token.since > tokenMs;
  if (token.version !== 0 && (isOld || source.since(token.version) === undefined)) {
    return failure(410, tooOld);
  }
  const rest = token.after === '' ? chosen : chosen.filter((one) => keyOf(one) > token.after);
  const limit = Number(query.get('limit') ?? 0);
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const version = token.version === 0 ? source.version : token.version;
  const metadata: JsonObject = {
    resourceVersion: String(version),
    ...following({ page, left: rest.length - page.length }, { ...token, version }, query),
  };
  return { status: 200, body: showList(page, metadata, shown) };
}

/** Where the next page begins. How many objects are left is known only of lists without selectors. */
function following(
  { page, left }: { page: readonly KubeObject[]; left: number },
  token: Token,
  query: URLSearchParams,
): JsonObject {
  const last = page.at(-1);
  if (left === 0 || last === undefined) return {};
  const selects = ['labelSelector', 'fieldSelector'].some((name) => (query.get(name) ?? '') !== '');
  return {
    continue: writeToken({ ...token, after: keyOf(last) }),
    ...(!selects && { remainingItemCount: left }),
  };
}

/** Changes from a version on, or all objects first when none is given. */
export function watchObjects(
  { query }: KubeRequest,
  { source, shown, namespace }: Reading,
): KubeAnswer {
  const selected = selection(query, shown.resource);
  const chosen = (object: KubeObject): boolean =>
    (namespace === undefined || object.metadata['namespace'] === namespace) && selected(object);
  const from = query.get('resourceVersion') ?? '';
  const wantsAll = from === '' || from === '0' || query.get('sendInitialEvents') === 'true';
  const missed = wantsAll ? [] : source.since(Number(from));
  const known = new Set(source.list(namespace).filter(chosen).map(keyOf));
  if (missed === undefined) {
    return { status: 200, watch: expire };
  }
  return {
    status: 200,
    watch: (send) => {
      if (wantsAll)
        for (const object of source.list(namespace).filter(chosen)) send(added(object, shown));
      const tell = (change: Change): void => {
        const event = eventFor(change, known, chosen);
        if (event) send({ type: event, object: showObject(change.object, shown) });
      };
      for (const change of missed) tell(change);
      if (query.get('allowWatchBookmarks') === 'true') send(bookmark(source, shown, query));
      return source.watch(tell);
    },
  };
}

function expire(send: (event: WatchEvent) => void): () => void {
  send({ type: 'ERROR', object: status(410, expired) });
  return () => undefined;
}

function added(object: KubeObject, shown: Shown): WatchEvent {
  return { type: 'ADDED', object: showObject(object, shown) };
}

/** An object that comes into a selection is added for its watcher, one that leaves it is deleted. */
function eventFor(
  { type, object }: Change,
  known: Set<string>,
  chosen: (object: KubeObject) => boolean,
): Change['type'] | undefined {
  const name = keyOf(object);
  const before = known.has(name);
  if (type === 'DELETED' || !chosen(object)) {
    known.delete(name);
    return before ? 'DELETED' : undefined;
  }
  known.add(name);
  return type === 'MODIFIED' && before ? 'MODIFIED' : 'ADDED';
}

function bookmark(source: ObjectSource, shown: Shown, query: URLSearchParams): WatchEvent {
  const initial = query.get('sendInitialEvents') === 'true';
  const metadata = {
    resourceVersion: String(source.version),
    ...(initial && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
  };
  const { apiVersion, resource } = shown;
  const object =
    shown.as === 'Table'
      ? showList([], metadata, shown)
      : { kind: resource.kind, apiVersion, metadata };
  return { type: 'BOOKMARK', object };
}

interface Token {
  readonly version: number;
  readonly since: number;
  readonly after: string;
}

function readToken(text: string | null, now: number): Token | undefined {
  if (text === null || text === '') return { version: 0, since: now, after: '' };
  const decoded = Buffer.from(text, 'base64url').toString();
  const [, version, since, after] = /^(\d+) (\d+) (.+)$/.exec(decoded) ?? [];
  if (after === undefined) return undefined;
  return { version: Number(version), since: Number(since), after };
}

function writeToken({ version, since, after }: Token): string {
  return Buffer.from(`${version} ${since} ${after}`).toString('base64url');
}

/** Objects are in order of namespace and name. */
function keyOf({ metadata }: KubeObject): string {
  return `${textAt(metadata, 'namespace') ?? ''}/${textAt(metadata, 'name') ?? ''}`;
}

import { textAt } from '../json';
import type { JsonObject } from '../json';
import type { KubeAnswer, KubeRequest, WatchEvent } from './kube-request';
import { showList, showObject } from './representation';
import type { Shown } from './representation';
import type { KubeObject } from './resource-table';
import { selection } from './selectors';
import { failure, status } from './status';
import type { Change, WatchCache } from './watch-cache';

const expired = 'The resourceVersion for the provided watch is too old.';

/** One page of the objects that the selectors choose. A continue token names the last one sent and the version. */
export function listObjects(request: KubeRequest, cache: WatchCache, shown: Shown): KubeAnswer {
  const { query } = request;
  const chosen = cache.list().filter(selection(query, shown.resource));
  const token = readToken(query.get('continue'));
  if (token === undefined) return failure(400, 'continue key is not valid: it is malformed');
  if (token.version !== 0 && cache.since(token.version) === undefined) {
    return failure(410, 'The provided continue parameter is too old.');
  }
  const rest = chosen.filter((object) => nameOf(object) > token.after);
  const limit = Number(query.get('limit') ?? 0);
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const left = rest.length - page.length;
  const version = token.version === 0 ? cache.version : token.version;
  const last = page.at(-1);
  const more = left > 0 &&
    last && { continue: writeToken(version, last), remainingItemCount: left };
  const metadata: JsonObject = { resourceVersion: String(version), ...(more ?? {}) };
  return { status: 200, body: showList(page, metadata, shown) };
}

/** Changes from a version on, or all objects first when none is given. */
export function watchObjects(request: KubeRequest, cache: WatchCache, shown: Shown): KubeAnswer {
  const { query } = request;
  const chosen = selection(query, shown.resource);
  const from = query.get('resourceVersion') ?? '';
  const wantsAll = from === '' || from === '0' || query.get('sendInitialEvents') === 'true';
  const missed = wantsAll ? [] : cache.since(Number(from));
  const known = new Set(cache.list().filter(chosen).map(nameOf));
  if (missed === undefined) {
    return { status: 200, watch: expire };
  }
  return {
    status: 200,
    watch: (send) => {
      if (wantsAll) for (const object of cache.list().filter(chosen)) send(added(object, shown));
      const tell = (change: Change): void => {
        const event = eventFor(change, known, chosen);
        if (event) send({ type: event, object: showObject(change.object, shown) });
      };
      for (const change of missed) tell(change);
      if (query.get('allowWatchBookmarks') === 'true') send(bookmark(cache, shown, query));
      return cache.watch(tell);
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
  const name = nameOf(object);
  const before = known.has(name);
  if (type === 'DELETED' || !chosen(object)) {
    known.delete(name);
    return before ? 'DELETED' : undefined;
  }
  known.add(name);
  return type === 'MODIFIED' && before ? 'MODIFIED' : 'ADDED';
}

function bookmark(cache: WatchCache, shown: Shown, query: URLSearchParams): WatchEvent {
  const initial = query.get('sendInitialEvents') === 'true';
  const metadata = {
    resourceVersion: String(cache.version),
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
  readonly after: string;
}

function readToken(text: string | null): Token | undefined {
  if (text === null || text === '') return { version: 0, after: '' };
  const [, version, after] = /^(\d+) (.+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  return after === undefined ? undefined : { version: Number(version), after };
}

function writeToken(version: number, last: KubeObject): string {
  return Buffer.from(`${version} ${nameOf(last)}`).toString('base64url');
}

function nameOf(object: KubeObject): string {
  return textAt(object, 'metadata', 'name') ?? '';
}

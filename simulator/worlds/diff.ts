import { changedPaths } from '../changed-paths';
import type { Json, JsonObject } from '../json';

/** Resources by lower-cased id, as `GET /_simulator/world` answers them. */
export type Snapshot = Readonly<Record<string, Json | undefined>>;

export interface ChangedResource {
  readonly id: string;
  readonly paths: readonly {
    readonly path: string;
    /** Absent where the path is new. */
    readonly before?: Json;
    /** Absent where the path is gone. */
    readonly after?: Json;
  }[];
}

/** What became of one world in another; everything in order of ids. */
export interface WorldDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedResource[];
}

export function diffWorlds(before: Snapshot, after: Snapshot): WorldDiff {
  const ids = Object.keys({ ...before, ...after }).sort();
  return {
    added: ids.filter((id) => !Object.hasOwn(before, id)),
    removed: ids.filter((id) => !Object.hasOwn(after, id)),
    changed: ids
      .filter((id) => Object.hasOwn(before, id) && Object.hasOwn(after, id))
      .map((id) => ({ id, paths: pathsOf(before[id], after[id]) }))
      .filter(({ paths }) => paths.length > 0),
  };
}

function pathsOf(before: Json | undefined, after: Json | undefined): ChangedResource['paths'] {
  return Array.from(changedPaths(before, after), ({ path, before: from, after: to }) => ({
    path,
    ...(from !== undefined && { before: from }),
    ...(to !== undefined && { after: to }),
  }));
}

/** The difference for a person: `+` for what is new, `-` for what is gone, `~` for what is another. */
export function printDiff({ added, removed, changed }: WorldDiff): string {
  const lines = [
    ...added.map((id) => `+ ${id}`),
    ...removed.map((id) => `- ${id}`),
    ...changed.flatMap(({ id, paths }) => [
      `~ ${id}`,
      ...paths.map(({ path, before, after }) => `    ${path}: ${shown(before)} → ${shown(after)}`),
    ]),
    `${added.length} added, ${removed.length} removed, ${changed.length} changed`,
  ];
  return lines.join('\n');
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** The difference as JSON. */
export function diffJson({ added, removed, changed }: WorldDiff): JsonObject {
  return { added, removed, changed: changed.map(({ id, paths }) => ({ id, paths: [...paths] })) };
}

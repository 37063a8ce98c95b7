import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { HistoryEvent } from '../../../host/durable/contract';

/** One execution of an instance, as the build that wrote it left it: whole, or until it continued as new. */
export interface RecordedExecution {
  readonly orchestration: string;
  readonly instanceId: string;
  readonly parentInstanceId: string | undefined;
  readonly input: unknown;
  /** As the SDK is given it in the payload of the trigger. */
  readonly history: readonly HistoryEvent[];
  /** What activities and children were called with, by the number of the event: histories do not hold it. */
  readonly calledWith: Readonly<Record<string, unknown>>;
  /** What the next execution was given; absent for one that ended. */
  readonly continuedWith?: unknown;
}

/** Where builds have left their histories, by version; what is there is never written again. */
export const historiesFolder = 'test/data/histories';

const ending = '.jsonl.gz';

/** A name in the letters that ids may have. */
export function idOf(scene: string): string {
  return scene.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}

/** One compressed file for each scene, one line for each execution. */
export function fileOf(scene: string): string {
  return `${idOf(scene)}${ending}`;
}

export function packed(executions: readonly RecordedExecution[]): Buffer {
  return gzipSync(executions.map(line).join(''), { level: 9 });
}

export function unpacked(file: Buffer): readonly RecordedExecution[] {
  const lines = gunzipSync(file).toString().trimEnd().split('\n');
  return lines.map(parsed);
}

/** Every build whose histories are kept, and every scene that it played. */
export function recordings(root: string): readonly (readonly [string, string])[] {
  const folder = join(root, historiesFolder);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return files
    .filter((file) => file.endsWith(ending))
    .map((file) => [file.slice(0, -ending.length), join(folder, file)]);
}

export function readRecording(path: string): readonly RecordedExecution[] {
  return unpacked(readFileSync(path));
}

/** Text, so that it is what crosses to the SDK. */
function line(execution: RecordedExecution): string {
  // Whether an entry was played is a note of the SDK; an excerpt of an input is for people.
  const text = JSON.stringify(execution, (key, value: unknown) =>
    key === 'IsPlayed' || key === 'CalledWith' ? undefined : value,
  );
  return `${text}\n`;
}

function parsed(text: string): RecordedExecution {
  const { history, ...execution } = JSON.parse(text) as RecordedExecution;
  return {
    ...execution,
    history: history.map((event) => ({
      ...event,
      IsPlayed: false,
      Timestamp: new Date(event.Timestamp),
    })),
  };
}

import type { HistoryEvent, InstanceRecord } from '../durable/contract';
import { toHistoryJson } from './history-json';

/** An instance as the status API shows it. */
export function toInstanceJson(
  record: InstanceRecord,
  show: {
    readonly input: boolean;
    readonly history?: readonly HistoryEvent[];
    readonly results?: boolean;
  },
): string {
  const fields: [string, string | undefined][] = [
    ['name', JSON.stringify(record.name)],
    ['version', record.version ? JSON.stringify(record.version) : undefined],
    ['instanceId', JSON.stringify(record.instanceId)],
    [
      'parentInstanceId',
      record.parentInstanceId === undefined ? undefined : JSON.stringify(record.parentInstanceId),
    ],
    ['runtimeStatus', JSON.stringify(record.runtimeStatus)],
    ['input', show.input ? jsonOf(record.input) : 'null'],
    ['customStatus', jsonOf(record.customStatus)],
    ['output', jsonOf(record.output)],
    ['createdTime', JSON.stringify(toSeconds(record.createdAt))],
    ['lastUpdatedTime', JSON.stringify(toSeconds(record.updatedAt))],
    [
      'historyEvents',
      show.history &&
        JSON.stringify(
          toHistoryJson(show.history, { inputs: show.input, results: show.results === true }),
        ),
    ],
  ];
  const text = fields.flatMap(([name, value]) =>
    value === undefined ? [] : [`"${name}":${value}`],
  );
  return `{${text.join(',')}}`;
}

/** Stored JSON goes out as it is, so that no number loses digits; text that is not JSON goes out quoted. */
export function jsonOf(text: string | undefined): string {
  if (text === undefined) return 'null';
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

/** `yyyy-MM-ddTHH:mm:ssZ` */
function toSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

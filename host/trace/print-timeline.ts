import type { EntityTrace } from '../durable/contract';
import type { Entry } from './entry';
import type { Timeline } from './timeline';

/** Longer texts are cut; `--json` shows what there is. */
const longestText = 100;

/** What is open in an instance that has ended stays open for ever. */
const live: readonly string[] = ['Pending', 'Running', 'Suspended'];

/** A timeline for people. `now` is the host's time; without it the host is not running. */
export function printTimeline(timeline: Timeline, now?: number): string {
  const lines = [...heading(timeline), '', ...timeline.entries.map(entryLine)];
  const waits = live.includes(timeline.status) ? waitLines(timeline, now) : [];
  const children = (timeline.children ?? []).map((child) => indented(printTimeline(child, now)));
  return [...lines, ...waits, ...children.flatMap((child) => ['', child]), ''].join('\n');
}

export function printEntity(entity: EntityTrace): string {
  return [
    `${entity.id}  ${entity.exists ? 'exists' : 'does not exist'}`,
    'Entities keep no history; this is how it stands.',
    `  last operation  ${new Date(entity.lastOperationAt).toISOString()}`,
    `  state           ${cut(entity.state ?? 'none')}`,
    `  locked by       ${entity.lockedBy ?? 'nobody'}`,
    `  waiting         ${entity.waiting} messages`,
    '',
  ].join('\n');
}

function heading(timeline: Timeline): string[] {
  const { instanceId, name, version, status, execution } = timeline;
  const facts: [string, string | undefined][] = [
    ['version', version],
    ['child of', timeline.parentInstanceId],
    ['created', timeline.createdAt],
    ['last change', timeline.updatedAt],
    ['execution', execution === 1 ? undefined : `${execution} (${earlier(execution - 1)})`],
    ['custom status', timeline.customStatus === undefined ? undefined : cut(timeline.customStatus)],
  ];
  const shown = facts.flatMap(([label, value]) =>
    value === undefined ? [] : [`  ${label.padEnd(14)}${value}`],
  );
  return [`${instanceId}  ${name}  ${status}`, ...shown];
}

function earlier(count: number): string {
  const those = count === 1 ? 'the one before it' : `the ${count} before it`;
  return `${those} ended with continueAsNew, which keeps no history`;
}

function entryLine(entry: Entry): string {
  const time = entry.at.replace('T', ' ').replace('Z', '');
  return `  ${duration(entry.afterMs, '+').padStart(12)}  ${time}  ${describe(entry)}`;
}

function describe(entry: Entry): string {
  const number = entry.id === undefined ? '' : ` #${entry.id}`;
  const subject = `${entry.what}${number}${entry.name === undefined ? '' : ` ${entry.name}`}`;
  return [subject, ...details(entry), ...ending(entry)].join('  ');
}

function details({ what, attempt, instanceId, input, dueAt }: Entry): string[] {
  const parts: string[] = [];
  if (attempt !== undefined) {
    parts.push(what === 'retry delay' ? `after attempt ${attempt} failed` : `attempt ${attempt}`);
  }
  if (instanceId !== undefined) parts.push(`instance ${instanceId}`);
  if (input !== undefined) parts.push(cut(input));
  if (dueAt !== undefined) parts.push(`due ${dueAt}`);
  return parts;
}

function ending({ state, tookMs, result, failure, what }: Entry): string[] {
  const took = tookMs === undefined ? '' : ` (${duration(tookMs)})`;
  if (failure !== undefined) return [`FAILED${took} ${cut(failure)}`];
  if (state === 'open') return ['...'];
  if (state === 'cancelled') return ['cancelled'];
  if (state === 'done') return [what.endsWith('lock') ? `granted${took}` : done(result, took)];
  return result === undefined ? [] : [`-> ${cut(result)}`];
}

function done(result: string | undefined, took: string): string {
  return result === undefined || result === 'null' ? `done${took}` : `-> ${cut(result)}${took}`;
}

function waitLines(timeline: Timeline, now: number | undefined): string[] {
  const { calls, events } = timeline.waitsFor;
  const waits = [
    ...(timeline.status === 'Suspended' ? ['being resumed'] : []),
    ...events.map((name) => `event ${name}`),
    ...calls.map((call) => openCall(call, now)),
  ];
  const title = now === undefined ? 'waited for, when the host stopped' : 'waits for';
  const lines = waits.length === 0 ? [reasonToStand(timeline)] : waits;
  const unseen =
    timeline.arrived === 0 ? [] : [`${timeline.arrived} messages that it has not seen yet`];
  return ['', `  ${title}`, ...[...lines, ...unseen].map((line) => `    ${line}`)];
}

function reasonToStand({ entries, version }: Timeline): string {
  if (entries.length > 0) return 'nothing: its next run is due';
  const held = version === undefined ? '' : `, or defaultVersion in host.json to allow ${version}`;
  return `its first run${held}`;
}

function openCall(call: Entry, now: number | undefined): string {
  const { what, id, name = '', instanceId, at, dueAt } = call;
  const subject = [what, `#${id ?? ''}`, name, instanceId ?? ''].filter((part) => part !== '');
  if (dueAt !== undefined) return [...subject, `due ${dueAt}${until(dueAt, now)}`].join(' ');
  const since = now === undefined ? `since ${at}` : `for ${duration(now - Date.parse(at))}`;
  return [...subject, since].join(' ');
}

function until(dueAt: string, now: number | undefined): string {
  if (now === undefined) return '';
  const ms = Date.parse(dueAt) - now;
  return ms > 0 ? `, in ${duration(ms)}` : ', now';
}

function cut(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ');
  return line.length <= longestText ? line : `${line.slice(0, longestText)}...`;
}

const units: readonly [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

function duration(ms: number, sign = ''): string {
  const [size, unit] = units.find(([least]) => ms >= 2 * least) ?? [1000, 's'];
  const digits = unit === 's' ? 3 : 1;
  return `${sign}${(ms / size).toFixed(digits)} ${unit}`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n')
    .trimEnd();
}

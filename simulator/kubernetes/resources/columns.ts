import { at, objectAt, objectsAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { ageOf } from '../age';
import { said } from '../object-parts';
import type { Column, KubeObject } from '../resource-table';

export function text(name: string, value: Column['value'], priority = 0): Column {
  return { name, type: 'string', priority, value };
}

export function number(name: string, ...path: readonly string[]): Column {
  return { name, type: 'integer', priority: 0, value: (object) => at(object, ...path) ?? 0 };
}

/** The text at a path, `<none>` where there is none. */
export function member(name: string, path: string, priority = 0): Column {
  return text(name, (object) => printed(at(object, ...path.split('.'))), priority);
}

export const nameColumn: Column = {
  ...text('Name', (object) => textAt(object, 'metadata', 'name') ?? ''),
  format: 'name',
};

export const ageColumn = text('Age', (object, now) =>
  since(textAt(object, 'metadata', 'creationTimestamp'), now),
);

export const createdColumn: Column = {
  ...text('Created At', (object) => textAt(object, 'metadata', 'creationTimestamp') ?? null),
  type: 'date',
};

/** Containers and images of what makes pods, and how it finds them; all only with `-o wide`. */
export const templateColumns: readonly Column[] = [
  text('Containers', (object) => listed(containersOf(object), 'name'), 1),
  text('Images', (object) => listed(containersOf(object), 'image'), 1),
];

export const selectorColumn = text('Selector', (object) => selectorText(object), 1);

export function since(time: string | undefined, now: number): string {
  return time === undefined ? '<unknown>' : ageOf(time, now);
}

export function printed(value: Json | undefined): string {
  if (value === undefined || value === null || value === '') return '<none>';
  return said(value);
}

export function pairs(labels: JsonObject): string {
  const found = Object.entries(labels).map(([name, value]) => `${name}=${printed(value)}`);
  return found.length === 0 ? '<none>' : found.join(',');
}

function containersOf(object: KubeObject): readonly JsonObject[] {
  const inJob = objectsAt(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers');
  return inJob.length > 0 ? inJob : objectsAt(object, 'spec', 'template', 'spec', 'containers');
}

function listed(objects: readonly JsonObject[], name: string): string {
  return objects.map((one) => textAt(one, name) ?? '').join(',');
}

function selectorText(object: KubeObject): string {
  const selector = objectAt(object, 'spec', 'selector');
  return pairs(
    objectAt(selector['matchLabels'] === undefined ? selector : selector['matchLabels']),
  );
}

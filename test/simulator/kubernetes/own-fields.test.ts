import fc from 'fast-check';

import { at, canonical, isObject, objectAt, objectsAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import { fromFieldsV1, toFieldsV1 } from '../../../simulator/kubernetes/fields/fields-v1';
import { fieldRules } from '../../../simulator/kubernetes/fields/list-rules';
import { managersOf } from '../../../simulator/kubernetes/fields/managed-fields';
import { applied, updated } from '../../../simulator/kubernetes/fields/own-fields';
import { without } from '../../../simulator/kubernetes/object-parts';
import type { KubeObject } from '../../../simulator/kubernetes/resource-table';

const rules = fieldRules.builtIn;
const named = { metadata: { name: 'web' } };

const names = fc.constantFrom('a', 'b', 'c');
const values = fc.constantFrom('1', '2', '3');
const map = fc.dictionary(names, values, { maxKeys: 3 });
const containers = fc.uniqueArray(
  fc.record(
    {
      name: names,
      image: values,
      env: fc.uniqueArray(fc.record({ name: names, value: values }), {
        selector: ({ name }) => name,
      }),
    },
    { requiredKeys: ['name'] },
  ),
  { selector: ({ name }) => name },
);
/** Configurations with maps, keyed lists in keyed lists, sets and plain lists. */
const configs: fc.Arbitrary<KubeObject> = fc
  .record(
    {
      labels: map,
      finalizers: fc.uniqueArray(names),
      args: fc.array(names),
      containers,
      replicas: fc.nat(3),
    },
    { requiredKeys: [] },
  )
  .map(({ labels, finalizers, args, containers: list, replicas }) => ({
    metadata: {
      name: 'web',
      ...(labels && { labels }),
      ...(finalizers && { finalizers }),
    },
    spec: {
      ...(args && { args }),
      ...(list && { containers: list }),
      ...(replicas !== undefined && { replicas }),
    },
  }));

function by(manager: string, operation: 'Apply' | 'Update' = 'Apply') {
  return {
    by: { manager, operation, apiVersion: 'apps/v1', subresource: '' },
    rules,
    untouched: ['status'],
    time: '2026-01-01T00:00:00Z',
  } as const;
}

function forced(live: KubeObject | undefined, config: KubeObject, manager: string): KubeObject {
  const result = applied(live, config, { ...by(manager), force: true });
  if ('conflicts' in result) throw new Error('a forced apply has conflicts');
  return result.object;
}

/** Everything of a configuration that has content is in the object. */
function holds(object: KubeObject, config: KubeObject): boolean {
  const again = forced(object, config, 'looker');
  return gist(again) === gist(object);
}

function contentOf(object: KubeObject): JsonObject {
  return { ...object, metadata: without(object.metadata, 'managedFields') };
}

/** The content without what is empty, and without the order of lists that have none. */
function gist(object: KubeObject): string {
  const { spec, metadata, ...rest } = contentOf(object);
  const sorted = (list: readonly JsonObject[]): readonly JsonObject[] =>
    list
      .map((one): JsonObject => ({
        ...one,
        ...('env' in one && { env: sorted(objectsAt(one, 'env')) }),
      }))
      .sort((one, other) => (canonical(one['name']) < canonical(other['name']) ? -1 : 1));
  const finalizers = [...((at(metadata, 'finalizers') ?? []) as string[])].sort();
  return canonical(
    withoutEmpty({
      ...rest,
      metadata: { ...objectAt(metadata), finalizers },
      spec: { ...objectAt(spec), containers: sorted(objectsAt(spec, 'containers')) },
    }),
  );
}

function withoutEmpty(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutEmpty);
  if (!isObject(value)) return value;
  const kept = Object.entries(value)
    .map(([name, member]) => [name, withoutEmpty(member ?? null)] as const)
    .filter(
      ([, member]) =>
        member === null || typeof member !== 'object' || Object.keys(member).length > 0,
    );
  return Object.fromEntries(kept);
}

describe('server-side apply', () => {
  it('leaves an object as it is when the same is applied again', () => {
    fc.assert(
      fc.property(configs, configs, (first, second) => {
        const once = forced(forced(undefined, first, 'one'), second, 'two');

        expect(forced(once, second, 'two')).toEqual(once);
      }),
    );
  });

  it('makes true what is applied, whatever was there', () => {
    fc.assert(
      fc.property(configs, configs, configs, (first, second, third) => {
        const object = forced(forced(forced(undefined, first, 'one'), second, 'two'), third, 'one');

        expect(holds(object, third)).toBe(true);
      }),
    );
  });

  it('never takes from another manager what it applies, unless it is forced', () => {
    fc.assert(
      fc.property(configs, configs, configs, (first, second, third) => {
        const start = forced(undefined, first, 'one');
        const joined = applied(start, second, { ...by('two'), force: false });
        if ('conflicts' in joined) {
          expect(holds(start, second)).toBe(false);
          return;
        }
        const changed = applied(joined.object, third, { ...by('two'), force: false });
        const last = 'conflicts' in changed ? joined.object : changed.object;

        expect(holds(last, first)).toBe(true);
      }),
    );
  });

  it('takes away what only this manager had applied, and nothing else', () => {
    fc.assert(
      fc.property(configs, configs, (first, second) => {
        const start = forced(undefined, first, 'one');
        const joined = applied(start, second, { ...by('two'), force: false });
        fc.pre('object' in joined);
        if ('conflicts' in joined) return;
        const left = forced(joined.object, named, 'two');

        expect(managersOf(left).map(({ manager }) => manager)).not.toContain('two');
        expect(holds(left, first)).toBe(true);
        expect(holds(forced(undefined, first, 'one'), contentOf(left) as KubeObject)).toBe(true);
      }),
    );
  });

  it('lets each field have one Update owner at most, the last that changed it', () => {
    fc.assert(
      fc.property(configs, configs, (first, second) => {
        const start = updated(undefined, first, by('one', 'Update'));
        const after = updated(
          start,
          {
            ...second,
            metadata: {
              ...second.metadata,
              managedFields: start.metadata['managedFields'] ?? null,
            },
          },
          by('two', 'Update'),
        );
        const [one, two] = ['one', 'two'].map(
          (name) =>
            managersOf(after).find(({ manager }) => manager === name)?.fields ?? new Set<string>(),
        );

        expect([...(one ?? [])].filter((path) => two?.has(path))).toEqual([]);
      }),
    );
  });

  it('writes owned fields and reads them back', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const [entry] = managersOf(forced(undefined, config, 'one'));
        const fields = entry?.fields ?? new Set<string>();

        expect([...fromFieldsV1(toFieldsV1(fields))].sort()).toEqual([...fields].sort());
      }),
    );
  });

  it('writes fieldsV1 as the real server does', () => {
    const config: KubeObject = {
      metadata: { name: 'web', labels: { app: 'web' }, finalizers: ['x/y'] },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          spec: { containers: [{ name: 'app', image: 'i', ports: [{ containerPort: 80 }] }] },
        },
      },
    };
    const [entry] = objectsAt(forced(undefined, config, 'one'), 'metadata', 'managedFields');

    expect(entry).toEqual({
      manager: 'one',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      time: '2026-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:finalizers': { 'v:"x/y"': {} }, 'f:labels': { 'f:app': {} } },
        'f:spec': {
          'f:selector': {},
          'f:template': {
            'f:spec': {
              'f:containers': {
                'k:{"name":"app"}': {
                  '.': {},
                  'f:image': {},
                  'f:name': {},
                  'f:ports': {
                    'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
                  },
                },
              },
            },
          },
        },
      },
    });
  });

  it('marks the maps that an Update adds as its own', () => {
    const before: KubeObject = { metadata: { name: 'web' }, spec: {} };
    const config: KubeObject = {
      metadata: { name: 'web', labels: { a: 'b' } },
      spec: { replicas: 1 },
    };
    const first = updated(undefined, before, by('one', 'Update'));
    const object = updated(undefined, config, by('one', 'Update'));
    const [entry] = objectsAt(object, 'metadata', 'managedFields');

    expect(at(first, 'metadata', 'managedFields')).toBeUndefined();
    expect(objectAt(entry, 'fieldsV1')).toEqual({
      'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
      'f:spec': { 'f:replicas': {} },
    });
  });
});

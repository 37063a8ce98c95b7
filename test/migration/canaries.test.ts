import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import type { RecordKind } from '../../domain/records';
import { Secrets, overheard, readable } from '../support/secrets';
import { everything, migrating } from './support/migration';
import type { Migrating } from './support/migration';

jest.setTimeout(120_000);

const canary = 'CANARY-7f3a-of-an-application';
const kinds: readonly RecordKind[] = [
  ...(['cluster', 'plan', 'run', 'undo', 'migration', 'migrationCluster'] as const),
  ...(['migrationWorkload', 'ledger', 'surveyPiece', 'identities', 'identityHistory'] as const),
];

interface Given {
  readonly kubernetes: Readonly<Record<string, { readonly objects: readonly unknown[] }>>;
  readonly options: object;
}

/** A fixture whose workloads carry secrets where applications carry them. */
function given(): Given {
  const path = join(__dirname, '../data/pod-identity/01-addon-simple.json');
  const { given: world } = JSON.parse(readFileSync(path, 'utf8')) as { readonly given: Given };
  const env = [
    { name: 'DB_PASSWORD', value: canary },
    { name: 'SETTINGS', value: `Server=x;Password=${canary}` },
  ];
  return JSON.parse(JSON.stringify(world), (name, value: unknown) =>
    name === 'containers'
      ? (value as { env?: object[] }[]).map((one) => ({
          ...one,
          env: [...(one.env ?? []), ...env],
        }))
      : value,
  ) as Given;
}

describe('a migration, watched as closely as can be', () => {
  const secrets = new Secrets();
  const told: string[] = [];
  const exporter = new InMemorySpanExporter();
  let steward: Migrating;
  let state = '';

  beforeAll(async () => {
    secrets.add('a secret of an application', canary);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const spanProcessors = [new SimpleSpanProcessor({ exporter })];
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
    const world = given();
    steward = await migrating(world, { through: (http) => overheard(http, secrets) });
    const listening = { told: (text: string) => void told.push(text) };
    await steward.plan(Object.keys(world.kubernetes), world.options, listening);
    state = await steward.apply(everything, listening);
  });
  afterAll(async () => {
    await steward[Symbol.asyncDispose]();
  });

  it('uses secrets of every kind, and comes to its end', () => {
    expect(state).toBe('succeeded');
    expect(secrets.kinds()).toEqual(
      new Set(['a secret of an application', 'an access token', 'an assertion', 'a kubeconfig']),
    );
  });

  it('tells none of them to the log, not at the level of debugging either', () => {
    expect(told.filter((line) => line.includes('"level":"debug"')).length).toBeGreaterThan(50);
    expect(secrets.in(told.filter((line) => line.startsWith('{"t":')).join('\n'))).toEqual([]);
  });

  it('leaves none of them in a history', () => {
    expect(secrets.in(told.join('\n'))).toEqual([]);
  });

  it('has none of them in its spans', () => {
    const spans = exporter.getFinishedSpans();
    const texts = spans.map(({ name, attributes, status, events }) =>
      JSON.stringify([name, attributes, status, events]),
    );

    expect(spans.filter(({ name }) => name.startsWith('POST microsoft.')).length).toBeGreaterThan(
      0,
    );
    expect(spans.length).toBeGreaterThan(500);
    expect(secrets.in(texts.join('\n'))).toEqual([]);
  });

  it.each(kinds)('keeps none of them in its records: %s', async (kind) => {
    const { items } = await steward.clients.records.list(kind, { limit: 10_000 });

    expect(secrets.in(items.map((item) => readable(JSON.stringify(item))).join('\n'))).toEqual([]);
  });

  it('keeps records in which they could be', async () => {
    const { records } = steward.clients;
    const counts = await Promise.all(
      (['surveyPiece', 'ledger', 'migrationWorkload'] as const).map(
        async (kind) => (await records.list(kind, { limit: 10_000 })).items.length,
      ),
    );

    expect(counts.every((count) => count > 0)).toBe(true);
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { anOtlpReceiver } from '../support/otlp-receiver';
import type { OtlpReceiver } from '../support/otlp-receiver';
import { Secrets, overhearing, readable } from '../support/secrets';
import { startTwoProcesses } from './support/two-processes';
import type { RunView, TwoProcesses } from './support/two-processes';
import { endState } from './support/world';

jest.setTimeout(120_000);

const canary = (of: string) => `CANARY-0123456789-${of}`;

/** What Azure, or something in front of it, may say when it fails: secrets in all the forms that they have. */
const indiscreet = [
  `The request with Authorization: Bearer ${canary('bearer')} was refused.`,
  `Connection DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${canary('storage')}==;`,
  `See https://x.blob.core.windows.net/logs?sv=1&sig=${canary('sas')}&se=2`,
  `{"clientSecret":"${canary('json')}","adminPassword":'${canary('password')}'}`,
  `kubeconfig: client-key-data: ${canary('kube')}`,
  `https://hooks.slack.com/services/${canary('webhook')}`,
].join(' ');
const planted = ['bearer', 'storage', 'sas', 'json', 'password', 'kube', 'webhook'];

describe('secrets, wherever they come in', () => {
  const secrets = new Secrets();
  const answers: string[] = [];
  let receiver: OtlpReceiver;
  let proxy: Awaited<ReturnType<typeof overhearing>>;
  let steward: TwoProcesses;
  let running = false;
  let output = '';
  let ends: readonly RunView[] = [];
  let kept: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    for (const name of planted) secrets.add(`the one in an error: ${name}`, canary(name));
    receiver = await anOtlpReceiver();
    proxy = await overhearing(secrets);
    steward = await startTwoProcesses('fleet-25.json', 600, {
      through: proxy,
      settings: planSettings(secrets, receiver.url),
    });
    running = true;
    for (const [what, key] of steward.keys()) secrets.add(what, key);
    await steward.control('PATCH', 'behaviour', { poolRollMinutes: { base: 2, perBatch: 1 } });
    const [well = '', badly = ''] = await onServicePrincipals(steward);
    await plantInWorld(steward, well, secrets);
    await steward.control('POST', 'faults', faultsFor(badly));
    await deliverAll(steward, well, secrets);

    const accepted = await (await steward.onboard([well, badly])).json();
    answers.push(JSON.stringify(accepted));
    const { runs } = accepted as { readonly runs: readonly { readonly location: string }[] };
    ends = await Promise.all(runs.map(({ location }) => steward.end(location)));
    await ask(
      steward,
      runs.map(({ location }) => location),
    );
    output = await stopped();
  });
  afterAll(async () => {
    if (running) await steward.stop();
    await proxy[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  /** Everything that the API tells, and what it refuses to tell. */
  async function ask(from: TwoProcesses, locations: readonly string[]): Promise<void> {
    const [{ plan }] = (await Promise.all(locations.map((one) => from.get(one)))) as [
      { plan: { location: string } | null },
    ];
    const lists = ['clusters', 'plans', 'runs', 'migrations', 'permissions'].map(
      (one) => `/api/v1/${one}`,
    );
    const single = locations.flatMap((one) => [one, `${one}/undo`]);
    const key = from.keys().get('the function key') ?? '';
    const paths = [
      ...lists,
      ...single,
      plan?.location ?? '',
      '/api/v1/metrics',
      `/api/v1/runs/x?code=${key}`,
    ];
    for (const path of paths) answers.push(`${path.split('?')[0] ?? ''}: ${await from.text(path)}`);
  }

  /** Ends the app, and reads what it has left behind. */
  async function stopped(): Promise<string> {
    running = false;
    const codes = await steward.stop(() => {
      kept = leftIn(steward.folder);
    });
    expect(codes).toEqual([0, 0]);
    return steward.output();
  }

  it('are of every kind that the app handles', () => {
    expect([...secrets.kinds()]).toEqual(
      expect.arrayContaining([
        'an access token',
        'the function key',
        'the system key',
        'the master key',
        'a connection string',
        'a header for the receiver',
        'a tag of a cluster',
        'the one in an event',
      ]),
    );
    expect(receiver.headers()).toContain(canary('header'));
  });

  it('come up in a run that ends well, and in one that fails with the words of Azure', () => {
    const [well, badly] = ends;

    expect(well?.state).toBe('succeeded');
    expect(badly).toMatchObject({ state: 'failed', failure: { code: 'denied-by-policy' } });
    expect(badly?.failure?.message).toContain('Authorization: Bearer [redacted] was refused.');
  });

  it('are in no line of the log', () => {
    expect(output.includes('[redacted]')).toBe(true);
    expect(secrets.in(output)).toEqual([]);
  });

  it('are in nothing that is sent to the receiver', () => {
    expect(receiver.spans().length).toBeGreaterThan(50);
    expect(receiver.logs().length).toBeGreaterThan(10);
    expect(receiver.metrics().length).toBeGreaterThan(0);
    expect(secrets.in(receiver.bodies.join('\n'))).toEqual([]);
  });

  it('are in no answer of the API, and in no figure', () => {
    expect(answers.filter((text) => text.includes('steward_build_info'))).toHaveLength(1);
    expect(answers.some((text) => text.includes('[redacted]'))).toBe(true);
    expect(answers.filter((text) => secrets.in(text).length > 0)).toEqual([]);
  });

  it('are in no record', () => {
    expect(kept['records']?.includes('[redacted]')).toBe(true);
    expect(secrets.in(kept['records'] ?? '')).toEqual([]);
  });

  it('are in no history', () => {
    expect(kept['histories']?.includes('[redacted]')).toBe(true);
    expect(secrets.in(kept['histories'] ?? '')).toEqual([]);
  });
});

/** Settings that hold secrets, as those of a function app do. */
function planSettings(secrets: Secrets, receiver: string): Readonly<Record<string, string>> {
  const storage = `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${canary('setting')}==`;
  const insights = `InstrumentationKey=${canary('insights')};IngestionEndpoint=https://x.example/`;
  secrets.add('a connection string', canary('setting'));
  secrets.add('a connection string', canary('insights'));
  secrets.add('a header for the receiver', canary('header'));
  return {
    STEWARD_TELEMETRY: 'opentelemetry',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver,
    OTEL_EXPORTER_OTLP_HEADERS: `x-canary=${canary('header')}`,
    AzureWebJobsStorage: storage,
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights,
  };
}

/** Reads fail for a while with secrets in the error, and writes of one cluster are refused with them. */
function faultsFor(cluster: string): readonly object[] {
  const busy = { status: 503, code: 'ServerTimeout', message: indiscreet };
  const denied = { status: 403, code: 'RequestDisallowedByPolicy', message: indiscreet };
  return [
    { match: { method: 'PUT', path: `${cluster}$` }, count: 1, answer: denied },
    {
      match: { operation: 'managedClusters/read' },
      count: 2,
      answer: busy,
    },
  ];
}

async function plantInWorld(
  { azureUrl }: TwoProcesses,
  cluster: string,
  secrets: Secrets,
): Promise<void> {
  secrets.add('a tag of a cluster', canary('tag'));
  const url = `${azureUrl}${cluster}?api-version=2026-06-01`;
  const headers = { authorization: 'Bearer somebody', 'content-type': 'application/json' };
  const body = JSON.stringify({ tags: { deployKey: canary('tag'), note: canary('tag') } });
  expect((await fetch(url, { method: 'PATCH', headers, body })).ok).toBe(true);
}

/** One that is understood, and one that is not. */
async function deliverAll(
  { deliver }: TwoProcesses,
  cluster: string,
  secrets: Secrets,
): Promise<void> {
  secrets.add('the one in an event', canary('event'));
  const event = {
    id: 'e1',
    topic: cluster,
    subject: `pool?sig=${canary('event')}`,
    eventType: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
    eventTime: '2026-11-24T09:00:00Z',
    data: { nodePoolName: 'apps', token: canary('event') },
    dataVersion: '1',
    metadataVersion: '1',
  };
  await deliver(event);
  await deliver({ ...event, id: 'e2', topic: `https://x.example/?sig=${canary('event')}` });
  await deliver({ ...event, id: 'e3', data: { clientSecret: canary('event') } });
}

/** Clusters that have something to be done to them. */
async function onServicePrincipals({
  clusters,
  control,
}: TwoProcesses): Promise<readonly string[]> {
  const states = endState((await control('GET', 'world')) as Parameters<typeof endState>[0]);
  return clusters.filter((id) => {
    const { clientId, podIdentity } = states[id] as { clientId: string; podIdentity: boolean };
    return clientId !== 'msi' && !podIdentity;
  });
}

/** What is in the stores of a Steward that has ended. */
function leftIn(folder: string): Readonly<Record<string, string>> {
  const records = new DatabaseSync(join(folder, 'steward.db'), { readOnly: true });
  const bodies = records.prepare('SELECT body FROM records').all() as { body: string }[];
  records.close();
  const host = join(folder, 'host');
  const files = readdirSync(host).filter((file) => file.startsWith('durable.db'));
  return {
    records: bodies.map(({ body }) => readable(body)).join('\n'),
    histories: files.map((file) => readFileSync(join(host, file), 'latin1')).join('\n'),
  };
}

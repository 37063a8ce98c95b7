import { InvocationContext } from '@azure/functions';

import { defineActivity, toHandler } from '../../activities/activity';
import { takeSnapshot } from '../../activities/take-snapshot';
import { createClients } from '../../clients';
import { viaGateway } from '../../clients/gateway';
import { openSqliteRecords } from '../../clients/records/sqlite-records';
import { armGuid } from '../../domain/arm/guid';
import { FailureError, TransientError } from '../../domain/outcome';
import { anyone } from '../simulator/support/http-client';
import { aPolicy, clusterId } from '../support/clusters';
import { anAzure, instanceId } from './support/azure';
import { titledCases } from './support/cases';

const gone = {
  code: 'NotFound',
  message: 'The cluster is gone.',
  next: 'Nothing is left to do.',
} as const;

describe('an activity at the edge of the Functions runtime', () => {
  it('returns its value', async () => {
    await expect(run(() => ({ state: 'Registered' })).outcome).resolves.toEqual({
      ok: true,
      value: { state: 'Registered' },
    });
  });

  it('returns a failure, so that it is not repeated, and logs no error', async () => {
    const { outcome, errors } = run(throwing(new FailureError(gone)));

    await expect(outcome).resolves.toEqual({ ok: false, failure: gone });
    expect(errors).toEqual([]);
  });

  it('throws a transient error, so that it is repeated', async () => {
    const error = new TransientError('429 Throttled: slower');

    await expect(run(throwing(error)).outcome).rejects.toBe(error);
  });

  it.each([
    ['an error', new TypeError('x is undefined\n    at secret.ts'), 'x is undefined'],
    ['something that is no error', 'just text', 'just text'],
  ])('returns %s that nobody expected as a bug of ours, and logs it', async (_, bug, message) => {
    const { outcome, errors } = run(throwing(bug));

    await expect(outcome).resolves.toEqual({
      ok: false,
      failure: {
        code: 'Internal',
        message,
        next: "Read the run's history with its instance id and report what you find.",
      },
    });
    expect(errors).toHaveLength(1);
  });

  it('writes each log entry as one line of JSON', async () => {
    const lines: string[] = [];
    const activity = defineActivity([], (_input: object, { log }) => {
      log.info('cluster.identity.switching', { clusterId, attempts: 2 });
      return Promise.resolve({});
    });
    const invocation = anInvocation((line) => lines.push(String(line)));

    await toHandler(activity, someClients())({ clusterId }, invocation);

    const about = {
      run: 'run_1',
      step: 'activity',
      cluster: clusterId,
      correlationId: armGuid('steward', 'run_1'),
    };
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        t: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        level: 'info',
        msg: 'cluster.identity.switching',
        ...about,
        clusterId,
        attempts: 2,
      },
    ]);
  });

  it('knows its rights without being run', () => {
    expect(takeSnapshot.needs).toContain('Microsoft.ContainerService/managedClusters/read');
  });
});

describe('requests to Azure', () => {
  const calling = titledCases.filter(
    ([name]) => !/^(storePlan|concludeRun|noteIdentityChange|noteAcceptance)/.test(name),
  );

  it.each(calling)('carry the id of the run, all of them: %s', async (_name, one) => {
    await using azure = await anAzure(one.world);

    await one.act(azure);

    const ids = azure.sent.map(({ headers }) => headers['x-ms-correlation-request-id']);
    expect(new Set(ids)).toEqual(new Set([armGuid('steward', 'run_1')]));
  });

  it('say which program sends them', async () => {
    await using azure = await anAzure(titledCases[0]?.[1].world ?? []);

    await titledCases[0]?.[1].act(azure);

    expect(azure.sent[0]?.headers['user-agent']).toMatch(/^aks-identity-steward\//);
  });

  it('of runs at the same moment each carry their own id', async () => {
    await using azure = await anAzure([]);
    const runs = ['fleet_1.run_1', 'fleet_1.run_2', 'fleet_1.run_3'];
    const handler = toHandler(takeSnapshot, azure.clients);

    const ended = runs.map((id): unknown =>
      handler({ clusterId, policy: aPolicy() }, anInvocation(ignore, id)),
    );
    await Promise.all(ended);

    const ids = azure.sent.map(({ headers }) => headers['x-ms-correlation-request-id']);
    expect(new Set(ids)).toEqual(
      new Set(['run_1', 'run_2', 'run_3'].map((id) => armGuid('steward', id))),
    );
  });
});

describe('a credential', () => {
  const unreachable = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:7072'), {
    name: 'CredentialUnavailableError',
  });
  const refused = Object.assign(new Error('unknown_error Status code: 500'), {
    name: 'AuthenticationError',
    statusCode: 500,
  });

  it.each([
    ['cannot be reached', unreachable],
    ['refuses a token for now', refused],
  ])('that %s is asked again', async (_case, error) => {
    await using azure = await anAzure(titledCases[0]?.[1].world ?? [], {
      getToken: () => Promise.reject(error),
    });

    const outcome = titledCases[0]?.[1].act(azure);

    await expect(outcome).rejects.toMatchObject({
      name: 'TransientError',
      message: `no token: ${error.message}`,
    });
  });

  it('of an Azure that is not there is no bug of ours either', async () => {
    const clients = createClients({
      credential: anyone,
      endpoint: 'https://management.azure.com',
      httpClient: viaGateway('http://127.0.0.1:9'),
      records: openSqliteRecords(':memory:'),
    });

    const handler = toHandler(takeSnapshot, clients);
    const outcome: unknown = handler({ clusterId, policy: aPolicy() }, anInvocation(ignore));

    await expect(outcome).rejects.toMatchObject({ name: 'TransientError' });
  });
});

function run(work: () => unknown) {
  const errors: unknown[] = [];
  const activity = defineActivity([], () => Promise.resolve().then(work));
  const invocation = anInvocation((...line) => errors.push(...line));
  const outcome = Promise.resolve(toHandler(activity, someClients())({}, invocation));
  return { outcome, errors };
}

function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function anInvocation(write: (...line: unknown[]) => void, id = instanceId): InvocationContext {
  return new InvocationContext({
    functionName: 'activity',
    triggerMetadata: { instanceId: id },
    logHandler: (level, ...line) => {
      if (level !== 'debug') write(...line);
    },
  });
}

function ignore(): void {
  // Nobody looks at this log.
}

function someClients() {
  return createClients({
    credential: anyone,
    endpoint: 'https://management.azure.com',
    records: openSqliteRecords(':memory:'),
  });
}

import { TransientError } from '../../../domain/outcome';
import { over } from './a-command-pod';
import type { PodOptions, Printed } from './a-command-pod';

const deployment = '/apis/apps/v1/namespaces/orders/deployments/api';
const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api' } };
const json = (value: unknown): Printed => ({ out: JSON.stringify(value) });

describe('the limits of runCommand', () => {
  it('runs one command after the other, also behind one that failed', async () => {
    const kubectl: PodOptions['kubectl'] = ({ args }) =>
      args[2] === '/b'
        ? { err: 'Error from server (Forbidden): cannot get\n', code: 1 }
        : json({ path: args[2] });
    const { value, most } = await over({ kubectl, looks: 3 }, (api) =>
      Promise.allSettled(['/a', '/b', '/c'].map((path) => api.get(path))),
    );

    expect(value?.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(most).toBe(1);
  });

  it('says what it cannot do, and does not try', async () => {
    const { error, commands } = await over(
      () => json({}),
      (api) =>
        api.createToken({ namespace: 'x', serviceAccount: 'y', audiences: ['z'], seconds: 600 }),
    );
    const large = await over(
      () => json({}),
      (api) => api.apply(deployment, { ...object, data: 'x'.repeat(100_000) }),
    );

    expect([error, large.error]).toMatchObject([
      { failure: { code: 'Unsupported' } },
      { failure: { code: 'Unsupported' } },
    ]);
    expect([...commands, ...large.commands]).toEqual([]);
  });

  it.each([
    ['full nodes', { provisioningState: 'Failed', reason: 'pod was not scheduled' }],
    [
      'output that ends too early',
      { provisioningState: 'Succeeded', exitCode: 0, logs: 'H4sIAAAA' },
    ],
    [
      'output that is damaged',
      { provisioningState: 'Succeeded', exitCode: 0, logs: 'H4sIAAAA\nsteward-end\n' },
    ],
    ['no output', { provisioningState: 'Succeeded', exitCode: 0, logs: '\nsteward-end\n' }],
  ])('waits over %s', async (_what, instead) => {
    const { error } = await over({ kubectl: () => json({}), instead }, (api) =>
      api.get('/version'),
    );

    expect(error).toBeInstanceOf(TransientError);
  });

  it('does not wait for a pod that lacks what the command needs', async () => {
    const instead = { provisioningState: 'Succeeded', exitCode: 127, logs: 'sh: gzip: not found' };
    const { error } = await over({ kubectl: () => json({}), instead }, (api) =>
      api.get('/version'),
    );

    expect(error).toMatchObject({
      failure: { code: 'OperationFailed', message: expect.stringContaining('127') as string },
    });
  });

  it('gives a command a minute and a half', async () => {
    const { error, paused } = await over({ kubectl: () => json({}), looks: 1000 }, (api) =>
      api.get('/version'),
    );

    expect(error).toBeInstanceOf(TransientError);
    expect(paused.reduce((sum, one) => sum + one, 0)).toBe(90_000);
  });

  it('is left alone where nobody has allowed it', async () => {
    const { error, commands } = await over(
      {
        kubectl: () => json({}),
        properties: { apiServerAccessProfile: { enablePrivateCluster: false } },
      },
      (api) => api.get('/version'),
    );

    expect(error).toMatchObject({ failure: { code: 'Unsupported' } });
    expect(commands).toEqual([]);
  });
});

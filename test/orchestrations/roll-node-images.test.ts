import { FailureError } from '../../domain/outcome';
import type { PoolRoll } from '../../domain/plan/steps';
import { rollNodeImages } from '../../orchestrations/roll-node-images';
import { clusterId, newImage, oldImage } from '../support/clusters';
import { runOrchestration } from '../support/run-orchestration';
import { running } from '../support/scripted-azure';

function aRoll(name: string, overrides: Partial<PoolRoll> = {}): PoolRoll {
  return {
    name,
    reason: 'identity and image',
    from: oldImage,
    to: newImage,
    nodes: 3,
    ...overrides,
  };
}

const done = { status: 'succeeded' } as const;
const rolled = { imageVersion: newImage, usesKubeletIdentity: true };

describe('rollNodeImages', () => {
  it('begins a pool when the one before it is rolled and verified', () => {
    const { outcome, calls } = runOrchestration(
      rollNodeImages,
      { clusterId, pools: [aRoll('system'), aRoll('apps')] },
      {
        startNodeImageRoll: () => running(),
        pollOperation: () => done,
        readPool: () => rolled,
      },
    );

    const roll = ['startNodeImageRoll', 'pollOperation', 'readPool'];
    expect(outcome).toEqual({ ok: true, value: { rolled: 2 } });
    expect(calls).toEqual([...roll, ...roll]);
  });

  it('waits for nothing where a pool was rolled before a crash', () => {
    const { calls, minutes } = runOrchestration(
      rollNodeImages,
      { clusterId, pools: [aRoll('system')] },
      { startNodeImageRoll: () => done, readPool: () => rolled },
    );

    expect(calls).toEqual(['startNodeImageRoll', 'readPool']);
    expect(minutes).toBe(0);
  });

  it('leaves the other pools as they are when one fails', () => {
    const failure = { code: 'OperationFailed', message: 'Drain failed.' } as const;
    const { outcome, calls } = runOrchestration(
      rollNodeImages,
      { clusterId, pools: [aRoll('system'), aRoll('apps')] },
      {
        startNodeImageRoll: () => running(),
        pollOperation: () => {
          throw new FailureError(failure);
        },
      },
    );

    expect(outcome).toEqual({ ok: false, failure });
    expect(calls).toEqual(['startNodeImageRoll', 'pollOperation']);
  });

  it('gives every node of a pool half an hour', () => {
    const { outcome, minutes } = runOrchestration(
      rollNodeImages,
      { clusterId, pools: [aRoll('apps', { nodes: 10 })] },
      { startNodeImageRoll: () => running(), pollOperation: () => running() },
    );

    expect(outcome).toMatchObject({ failure: { code: 'DeadlineExceeded' } });
    expect(minutes).toBe(60 + 10 * 30 + 0.5);
  });

  it.each([
    [
      'the nodes still have the old credentials',
      { reason: 'identity' },
      { imageVersion: newImage, usesKubeletIdentity: false },
      {
        message: 'The nodes of pool apps were not re-imaged and still use the old credentials.',
        next: 'Wait for the next weekly node image and onboard again, or replace the pool by a new one.',
      },
    ],
    [
      'the nodes still have the old image',
      { reason: 'image' },
      { imageVersion: oldImage, usesKubeletIdentity: true },
      {
        message: `Pool apps still runs ${oldImage}, although Azure reports the roll as done.`,
        next: 'Look at the pool in the Azure portal, then onboard the cluster again.',
      },
    ],
  ] as const)('is not content with a success after which %s', (...row) => {
    const [, roll, seen, expected] = row;
    const { outcome } = runOrchestration(
      rollNodeImages,
      { clusterId, pools: [aRoll('apps', roll)] },
      { startNodeImageRoll: () => done, readPool: () => seen },
    );

    expect(outcome).toEqual({
      ok: false,
      failure: { code: 'NotVerified', target: clusterId, ...expected },
    });
  });

  it.each([
    ['a still newer image', { imageVersion: newImage.replace('11.0', '18.0') }, {}],
    [
      'another credential state, which the roll was not about',
      { usesKubeletIdentity: false },
      { reason: 'image' },
    ],
    ['an image of another family', { imageVersion: 'AKSAzureLinux-V3-202601.01.0' }, {}],
  ] as const)('is content with %s', (_case, seen, roll) => {
    const { outcome } = runOrchestration(
      rollNodeImages,
      { clusterId, pools: [aRoll('apps', roll)] },
      { startNodeImageRoll: () => done, readPool: () => ({ ...rolled, ...seen }) },
    );

    expect(outcome).toEqual({ ok: true, value: { rolled: 1 } });
  });

  it('reports the pool it is at', () => {
    const { reports } = runOrchestration(
      rollNodeImages,
      { clusterId, pools: [aRoll('system'), aRoll('apps')] },
      { startNodeImageRoll: () => done, readPool: () => rolled },
    );

    expect(reports.map(({ progress }) => progress)).toEqual([
      { step: 'system', done: 0, total: 2 },
      { step: 'apps', done: 1, total: 2 },
    ]);
  });
});

import { join } from 'node:path';

import { readInvocations } from './harness/golden';
import { HttpHub } from './harness/http-hub';
import { prepareRepertoire } from './harness/play';
import { killEngine } from './harness/served-app';
import { openStage, type Stage } from './harness/stage';
import { describeWithEngine } from './harness/toolchain';
import type { Outcome, StartOptions } from './scenarios/scenario';

const minutes = 60_000;
/** What the dead process had taken is hidden from others for a minute. */
const patienceMs = 2.5 * minutes;

type Start = readonly [name: string, options: StartOptions];

/** One of each kind of waiting, so that a crash meets all of them. */
function mixedWork(prefix: string): Start[] {
  const between = { from: `${prefix}-a`, to: `${prefix}-b`, amount: 1 };
  return [
    ...Array.from({ length: 8 }, (): Start => ['slowChain', { input: 8 }]),
    ['sleeps', { input: 2000 }],
    ['parentOfMany', {}],
    ['rounds', { input: { n: 1, last: 6 } }],
    ['transfer', { input: between }],
    ['retriedAndCaught', { input: { key: prefix, failures: 9, attempts: 3 } }],
  ];
}

const instances = mixedWork('').length;

async function startAll(hub: HttpHub): Promise<string[]> {
  const ids: string[] = [];
  for (const [name, options] of mixedWork(hub.prefix)) ids.push(await hub.start(name, options));
  return ids;
}

const hasBegun = ({ history }: Outcome): boolean => history.includes('TaskCompleted slow');

/** How instances end whose engine is killed in the middle, and started again. */
async function playKilled(stage: Stage): Promise<Outcome[]> {
  const app = (await prepareRepertoire(stage, 'standard'))();
  const before = await stage.onExtension('killed', app);
  const hub = new HttpHub(before, 'killed');
  const ids = await startAll(hub);
  await hub.until(ids[0] ?? '', hasBegun);
  await killEngine(before);
  const again = { ...app, workFolder: `${app.workFolder}-again` };
  const hubAgain = new HttpHub(await stage.onExtension('killed', again), 'killed', { patienceMs });
  return Promise.all(ids.map((id) => hubAgain.ended(id)));
}

interface Shared {
  readonly ends: readonly Outcome[];
  /** Calls of orchestrators and entities by each worker */
  readonly calls: readonly number[];
}

/** How instances end that two workers on one task hub share. */
async function playShared(stage: Stage): Promise<Shared> {
  const app = await prepareRepertoire(stage, 'shared');
  const folders = [1, 2].map((n) => join(stage.folder, `worker-${n}`));
  const fileOf = (folder: string): string => `${folder}.jsonl`;
  const workers = await Promise.all(
    folders.map((workFolder) =>
      stage.onExtension('shared', { ...app(fileOf(workFolder)), workFolder }),
    ),
  );
  const ends = workers.map(async (worker, n) => {
    const hub = new HttpHub(worker, `shared-${n}`, { patienceMs });
    const ids = await startAll(hub);
    return Promise.all(ids.map((id) => hub.ended(id)));
  });
  return {
    ends: (await Promise.all(ends)).flat(),
    calls: folders.map((folder) => readInvocations(fileOf(folder)).length),
  };
}

describeWithEngine('the real extension', (toolchain) => {
  let stage: Stage;
  let killed: readonly Outcome[];
  let shared: Shared;

  beforeAll(async () => {
    stage = await openStage(toolchain);
    [killed, shared] = await Promise.all([playKilled(stage), playShared(stage)]);
  }, 5 * minutes);

  afterAll(() => stage.close());

  it('finishes every instance after it was killed in the middle', () => {
    expect(killed.map(({ status }) => status)).toEqual(Array(instances).fill('Completed'));
  });

  it('goes on after a kill with the results that were there', () => {
    expect(killed[0]?.output).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('finishes every instance with two workers on one task hub', () => {
    const { ends } = shared;

    expect(ends.map(({ status }) => status)).toEqual(Array(2 * instances).fill('Completed'));
  });

  it('gives work to both of two workers', () => {
    expect(Math.min(...shared.calls)).toBeGreaterThan(0);
  });
});

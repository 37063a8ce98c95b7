import { openStage, type Stage } from './harness/stage';
import { describeWithEngine } from './harness/toolchain';
import {
  buildSteward,
  orchestratorsOf,
  serveSteward,
  type ServedSteward,
} from './steward/served-steward';
import { type Day, spendDay } from './steward/whole-day';

const minutes = 60_000;

describeWithEngine('all of Steward on the local host and the real extension', (toolchain) => {
  let real: Day;
  let local: Day;
  let stage: Stage;
  let served: readonly ServedSteward[] = [];

  beforeAll(async () => {
    stage = await openStage(toolchain);
    const directory = await buildSteward(stage);
    const onExtension = serveSteward(directory, (app) => stage.onExtension('whole', app));
    const onHost = serveSteward(directory, (app) => stage.onHost(app));
    served = await Promise.all([onExtension, onHost]);
    [real, local] = (await Promise.all(served.map(spendDay))) as [Day, Day];
  }, 5 * minutes);

  afterAll(async () => {
    await stage.close();
    await Promise.all(served.map(({ azure }) => azure.close()));
  });

  it('brings the fleet into the same state', () => {
    expect(local.fleet).toEqual(real.fleet);
  });

  it('shows people the same', () => {
    expect(local.views).toEqual(real.views);
  });

  it('has the same instances with the same histories', () => {
    expect(local.instances).toEqual(real.instances);
  });

  it('brings all clusters in order but the one that a policy protects', () => {
    const { applied, appliedAgain, changed, created } = real.views;

    expect(applied.map(stateOf).sort()).toEqual(['failed', ...Array<string>(5).fill('succeeded')]);
    expect(appliedAgain.map(stateOf)).toEqual(applied.map(stateOf));
    expect([...changed, ...created].map(stateOf)).toEqual(['succeeded', 'succeeded']);
  });

  it('evaluates a cluster once for an event that arrives twice', () => {
    expect(real.instances.filter(({ name }) => name === 'evaluateCluster')).toHaveLength(1);
  });

  it('runs all of its orchestrators', async () => {
    const registered = await Promise.all(served.map(orchestratorsOf));
    const ofThisDay = registered.map((names) =>
      names.filter((name) => !inOwnScenes.includes(name)),
    );

    expect([real, local].map(namesOf)).toEqual(ofThisDay);
  });
});

/** Pod identity has no place in this day; its orchestrators run in scenes of their own on the same engine. */
const inOwnScenes = [
  'enablePodIdentity',
  'changePodIdentities',
  'provePodIdentity',
  'drawUpMigration',
  'surveyClusters',
  'migrateFleet',
  'migrateCluster',
  'migrateWorkload',
  'soakCluster',
  'verifyImds',
  'rollBackMigration',
  'rollBackCluster',
];

function namesOf({ instances }: Day): string[] {
  return [...new Set(instances.map(({ name }) => name))].sort();
}

function stateOf({ state }: Readonly<Record<string, unknown>>): unknown {
  return state;
}

import { registry } from '../../support/orchestrations';
import { openStage, type Stage } from './harness/stage';
import { describeWithEngine } from './harness/toolchain';
import { type Observed, playOwn, prepareOwnApp } from './steward/own-orchestrations';
import { ownScenarios } from './steward/scenarios';

const minutes = 60_000;

describeWithEngine(
  "Steward's orchestrations on the local host and the real extension",
  (toolchain) => {
    let real: ReadonlyMap<string, Observed>;
    let local: ReadonlyMap<string, Observed>;
    let stage: Stage;

    beforeAll(async () => {
      stage = await openStage(toolchain);
      const app = await prepareOwnApp(stage);
      const [theirs, ours] = await Promise.all([
        stage.onExtension('steward', app('extension')),
        stage.onHost(app('host')),
      ]);
      [real, local] = await Promise.all([playOwn(theirs), playOwn(ours)]);
    }, 10 * minutes);

    afterAll(() => stage.close());

    it.each(Object.keys(ownScenarios))('do the same with %s', (name) => {
      expect(local.get(name)).toEqual(real.get(name));
    });

    it.each(Object.entries(ownScenarios))('end as they are meant to with %s', (name, { end }) => {
      const [first] = real.get(name)?.instances ?? [];

      expect(first).toMatchObject({ output: end });
    });

    it('have all run on both', () => {
      const all = [...registry.keys()].sort();

      expect([real, local].map(namesOf)).toEqual([all, all]);
    });
  },
);

/** Names of the orchestrations that ended well in some scenario. */
function namesOf(observed: ReadonlyMap<string, Observed>): string[] {
  const instances = [...observed.values()].flatMap((seen) => seen.instances);
  const completed = instances.filter(({ status }) => status === 'Completed');
  return [...new Set(completed.map(({ name }) => name))].sort();
}

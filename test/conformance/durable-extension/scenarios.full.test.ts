import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { essence, type Golden, goldenFile, readInvocations, toGoldens } from './harness/golden';
import { play, prepareRepertoire, type RepertoireName, scenariosOf } from './harness/play';
import { openStage, type Stage } from './harness/stage';
import { describeWithEngine } from './harness/toolchain';

const names: readonly RepertoireName[] = ['standard', 'configured'];
const scenarios = names.flatMap(scenariosOf).map(([name]) => name);
const minutes = 60_000;

describeWithEngine('the local host and the real extension', (toolchain) => {
  const real = new Map<string, unknown>();
  const local = new Map<string, unknown>();
  let stage: Stage;
  let recorded: string;

  async function playOnBoth(name: RepertoireName): Promise<void> {
    const app = await prepareRepertoire(stage, name);
    const [theirs, ours] = await Promise.all([
      stage.onExtension(name, app(name === 'standard' ? recorded : undefined)),
      stage.onHost(app()),
    ]);
    const played = await Promise.all([
      play(scenariosOf(name), theirs),
      play(scenariosOf(name), ours),
    ]);
    for (const [scenario, seen] of played[0]) real.set(scenario, seen);
    for (const [scenario, seen] of played[1]) local.set(scenario, seen);
  }

  beforeAll(async () => {
    stage = await openStage(toolchain);
    recorded = join(stage.folder, 'invocations.jsonl');
    for (const name of names) await playOnBoth(name); // less at once: engines are busy neighbours
  }, 5 * minutes);

  afterAll(() => stage.close());

  it.each(scenarios)('do the same with %s', (name) => {
    expect(real.get(name)).not.toHaveProperty('thrown');
    expect(local.get(name)).toEqual(real.get(name));
  });

  it('are held against recordings that are still true', () => {
    const goldens = toGoldens(readInvocations(recorded));
    if (process.env['STEWARD_RECORD'] === '1') {
      writeFileSync(goldenFile, goldens.map((golden) => `${JSON.stringify(golden)}\n`).join(''));
    }

    expect(goldens.map(essence)).toEqual(readInvocations<Golden>(goldenFile).map(essence));
  });
});

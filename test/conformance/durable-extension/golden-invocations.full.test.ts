import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { bundle, root } from '../../host/support/build-host';
import {
  essence,
  type Golden,
  goldenFile,
  goldenScenarios,
  readInvocations,
  toGoldens,
} from './harness/golden';
import { play, prepareRepertoire, scenariosOf } from './harness/play';
import { openStage, type Stage } from './harness/stage';
import type { AppToServe } from './harness/served-app';

const goldens = readInvocations<Golden>(goldenFile);
const minutes = 60_000;
let stage: Stage;
let app: (recordAs?: string) => AppToServe;

beforeAll(async () => {
  stage = await openStage();
  app = await prepareRepertoire(stage, 'standard');
}, 2 * minutes);

afterAll(() => stage.close());

const ofScenario = (invocations: readonly Golden[], scenario: string): unknown[] =>
  invocations.filter((each) => each.scenario === scenario).map(essence);

describe('histories of the real extension', () => {
  let replayed: Golden[];

  beforeAll(async () => {
    const file = join(stage.folder, 'replayed.jsonl');
    const entry = join(root, 'test/conformance/durable-extension/worker/replay.ts');
    const main = await bundle(entry, join(stage.folder, 'replay'));
    const env = { ...process.env, NODE_OPTIONS: '', REPERTOIRE: 'standard', INVOCATIONS: file };
    const { status, stderr } = spawnSync(process.execPath, [main, app().directory, goldenFile], {
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    replayed = readInvocations<Golden>(file).map((call, index) => ({
      ...call,
      scenario: goldens[index]?.scenario ?? '',
    }));
  }, minutes);

  it.each(goldenScenarios)('lead the SDK to the recorded answers in %s', (scenario) => {
    const recorded = ofScenario(goldens, scenario);

    expect(recorded).not.toHaveLength(0);
    expect(ofScenario(replayed, scenario)).toEqual(recorded);
  });
});

describe('histories of the local host', () => {
  let own: Golden[];

  beforeAll(async () => {
    const file = join(stage.folder, 'own.jsonl');
    const served = await stage.onHost(app(file));
    await play(
      scenariosOf('standard').filter(([name]) => goldenScenarios.includes(name)),
      served,
    );
    own = toGoldens(readInvocations(file));
  }, minutes);

  it.each(goldenScenarios)('are those of the real extension in %s', (scenario) => {
    expect(ofScenario(own, scenario)).toEqual(ofScenario(goldens, scenario));
  });
});

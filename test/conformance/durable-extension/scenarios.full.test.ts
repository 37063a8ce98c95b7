import { join } from 'node:path';

import { HttpHub } from './harness/http-hub';
import { normalised } from './harness/normalised';
import { makeApp } from './harness/scenario-app';
import { openStage, type Stage } from './harness/stage';
import type { ServedApp } from './harness/served-app';
import { topics } from './scenarios/index';

const minutes = 60_000;
let stage: Stage;
let real: ServedApp;
let local: ServedApp;

beforeAll(async () => {
  stage = await openStage();
  const directory = join(stage.folder, 'app');
  await makeApp(directory, join(__dirname, 'scenarios/app.ts'));
  const app = { directory, workFolder: join(stage.folder, 'work') };
  [local, real] = await Promise.all([stage.onHost(app), stage.onExtension('scenarios', app)]);
}, 5 * minutes);

afterAll(() => stage.close());

describe('both engines', () => {
  const scenarios = topics.flatMap((topic) => Object.entries(topic.scenarios));

  it.each(scenarios)('do the same with %s', async (name, scenario) => {
    const prefix = name.replaceAll(/\W+/g, '-');

    const [expected, actual] = await Promise.all([
      scenario(new HttpHub(real, prefix, '')),
      scenario(new HttpHub(local, prefix, '')),
    ]);

    expect(normalised(actual)).toEqual(normalised(expected));
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Observed, play } from './harness/play';
import { makeApp } from './harness/scenario-app';
import { openStage, type Stage } from './harness/stage';
import { type Repertoire, repertoires } from './scenarios/index';
import type { Scenario } from './scenarios/scenario';

/** Scenarios in which the local host is meant to do something else, and why. */
const differences = JSON.parse(
  readFileSync(join(__dirname, 'differences.json'), 'utf8'),
) as Readonly<Record<string, string>>;

const minutes = 60_000;
let stage: Stage;
const observed = new Map<string, Observed>();

function scenariosOf({ topics }: Repertoire): [string, Scenario][] {
  return topics.flatMap((topic) => Object.entries(topic.scenarios));
}

async function playRepertoire(name: keyof typeof repertoires): Promise<void> {
  const directory = join(stage.folder, name);
  await makeApp(directory, join(__dirname, 'scenarios/app.ts'), repertoires[name].durableTask);
  const app = { directory, workFolder: `${directory}-work`, settings: { REPERTOIRE: name } };
  const [local, real] = await Promise.all([stage.onHost(app), stage.onExtension(name, app)]);
  const played = await play(scenariosOf(repertoires[name]), { local, real });
  for (const [scenario, seen] of played) observed.set(scenario, seen);
}

beforeAll(async () => {
  stage = await openStage();
  await Promise.all([playRepertoire('standard'), playRepertoire('configured')]);
}, 5 * minutes);

afterAll(() => stage.close());

describe('the local host and the real extension', () => {
  const names = Object.values(repertoires).flatMap((each) =>
    scenariosOf(each).map(([name]) => name),
  );
  const expected = names.filter((name) => !Object.hasOwn(differences, name));

  it.each(expected)('do the same with %s', (name) => {
    const { real, local } = observed.get(name) ?? {};

    expect(real).not.toHaveProperty('thrown');
    expect(local).toEqual(real);
  });

  it.each(Object.entries(differences))('still differ in %s: %s', (name) => {
    const { real, local } = observed.get(name) ?? {};

    expect(real).not.toHaveProperty('thrown');
    expect(local).not.toEqual(real);
  });
});

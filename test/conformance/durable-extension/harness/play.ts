import { join } from 'node:path';

import { type Repertoire, repertoires } from '../scenarios/index';
import type { Scenario } from '../scenarios/scenario';
import { startCalledServer } from './called-server';
import { HttpHub } from './http-hub';
import { normalised } from './normalised';
import { makeApp } from './scenario-app';
import type { AppToServe, ServedApp } from './served-app';
import type { Stage } from './stage';

export type RepertoireName = keyof typeof repertoires;
type NamedScenario = readonly [name: string, scenario: Scenario];

export function scenariosOf(name: RepertoireName): NamedScenario[] {
  const { topics }: Repertoire = repertoires[name];
  return topics.flatMap((topic) => Object.entries(topic.scenarios));
}

/** The app of a repertoire, ready to be served; its calls are recorded in the file, if there is one. */
export async function prepareRepertoire(
  stage: Stage,
  name: RepertoireName,
): Promise<(recordAs?: string) => AppToServe> {
  const directory = join(stage.folder, name);
  await makeApp(directory, join(__dirname, '../scenarios/app.ts'), repertoires[name].durableTask);
  return (recordAs) => ({
    directory,
    workFolder: `${directory}-work`,
    settings: {
      REPERTOIRE: name,
      ...(recordAs === undefined ? {} : { INVOCATIONS: recordAs }),
    },
  });
}

const atOnce = 8;

/** Plays scenarios, several at a time: what each observed. One that throws has observed what it threw. */
export async function play(
  scenarios: readonly NamedScenario[],
  app: ServedApp,
): Promise<ReadonlyMap<string, unknown>> {
  const observed = new Map<string, unknown>();
  const called = await startCalledServer();
  const waiting = [...scenarios];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, scenario] = next;
      observed.set(
        name,
        await observe(scenario, new HttpHub(app, idFrom(name), { calledUrl: called.url })),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  called.close();
  return observed;
}

async function observe(scenario: Scenario, hub: HttpHub): Promise<unknown> {
  try {
    return normalised(await scenario(hub));
  } catch (error) {
    return normalised({ thrown: error instanceof Error ? error.message : String(error) });
  }
}

/** How the ids of a scenario begin: with letters, digits and dashes only. */
export function idFrom(name: string): string {
  return name.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '');
}

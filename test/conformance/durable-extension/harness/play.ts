import type { Scenario } from '../scenarios/scenario';
import { startCalledServer } from './called-server';
import { HttpHub } from './http-hub';
import { normalised } from './normalised';
import type { ServedApp } from './served-app';

/** What both engines did in a scenario. */
export interface Observed {
  readonly real: unknown;
  readonly local: unknown;
}

export interface Engines {
  readonly real: ServedApp;
  readonly local: ServedApp;
}

const atOnce = 8;

/** Plays scenarios on both engines, several at a time. One that throws has observed what it threw. */
export async function play(
  scenarios: readonly (readonly [name: string, scenario: Scenario])[],
  { real, local }: Engines,
): Promise<ReadonlyMap<string, Observed>> {
  const observed = new Map<string, Observed>();
  const called = await Promise.all([startCalledServer(), startCalledServer()]);
  const waiting = [...scenarios];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, scenario] = next;
      const on = (app: ServedApp, calledUrl: string): Promise<unknown> =>
        observe(scenario, new HttpHub(app, idFrom(name), calledUrl));
      const [theirs, ours] = await Promise.all([on(real, called[0].url), on(local, called[1].url)]);
      observed.set(name, { real: theirs, local: ours });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  for (const server of called) server.close();
  return observed;
}

async function observe(scenario: Scenario, hub: HttpHub): Promise<unknown> {
  try {
    return normalised(await scenario(hub));
  } catch (error) {
    return normalised({ thrown: error instanceof Error ? error.message : String(error) });
  }
}

/** Ids keep to letters, digits and dashes. */
function idFrom(name: string): string {
  return name.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '');
}

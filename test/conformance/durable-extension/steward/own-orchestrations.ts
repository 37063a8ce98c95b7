import { join } from 'node:path';

import { subscriptionId as anySubscription } from '../../../support/clusters';
import { HttpHub } from '../harness/http-hub';
import { normalised } from '../harness/normalised';
import { idFrom } from '../harness/play';
import type { AppToServe, ServedApp } from '../harness/served-app';
import { unpackShipped } from '../harness/shipped-app';
import type { Stage } from '../harness/stage';
import { type Instance, familyOf } from './family';
import { type OwnScenario, ownScenarios } from './scenarios';

/** All scenarios at the same time, some of a hundred turns, on a machine that does much else. */
const patienceMs = 480_000;

/** What a scenario came to: its instances, the first one started by it, and what activities were told. */
export interface Observed {
  readonly instances: readonly Instance[];
  readonly calls: readonly unknown[];
}

/** What is deployed, its activities scripted. Each engine has an app of its own, for its records. */
export async function prepareOwnApp({ folder }: Stage): Promise<(engine: string) => AppToServe> {
  const directory = join(folder, 'steward');
  await unpackShipped(directory, join(__dirname, 'scripted.ts'));
  return (engine) => {
    const workFolder = `${directory}-${engine}`;
    return {
      directory,
      workFolder,
      settings: { ...settings, STEWARD_RECORDS: recordsIn(workFolder) },
    };
  };
}

/** Nothing runs but what a scenario starts. */
const settings = {
  TASKHUB_NAME: 'Steward',
  STEWARD_SUBSCRIPTIONS: anySubscription,
  'AzureWebJobs.fleetSweep.Disabled': 'true',
  'AzureWebJobs.pendingStarts.Disabled': 'true',
};

/** The setting for records in a folder. */
export function recordsIn(folder: string): string {
  return `sqlite:${join(folder, 'steward.db')}`;
}

/** Plays all scenarios at the same time. */
export async function playOwn(app: ServedApp): Promise<ReadonlyMap<string, Observed>> {
  const observed = Object.entries(ownScenarios).map(async ([name, scenario]) => {
    const seen = await observe(scenario, new HttpHub(app, idFrom(name), { patienceMs }));
    return [name, normalised(seen) as Observed] as const;
  });
  return new Map(await Promise.all(observed));
}

async function observe(
  { orchestration, input, scenes }: OwnScenario,
  hub: HttpHub,
): Promise<Observed> {
  await hub.ended(await hub.start(orchestration, { input, id: hub.prefix }));
  const instances = await familyOf(hub, hub.prefix);
  const calls: unknown[] = [];
  for (const scene of scenes) calls.push((await hub.request(`calls/${scene}`)).body);
  return { instances, calls };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../../host/support/build-host';
import { HttpHub } from '../harness/http-hub';
import { normalised } from '../harness/normalised';
import { idFrom } from '../harness/play';
import { makeApp } from '../harness/scenario-app';
import type { AppToServe, ServedApp } from '../harness/served-app';
import type { Stage } from '../harness/stage';
import { type Instance, familyOf } from './family';
import { type OwnScenario, ownScenarios } from './scenarios';

/** All scenarios at the same time, some of a hundred turns, on a machine that does much else. */
const patienceMs = 240_000;

/** What a scenario came to: its instances, the first one started by it, and what activities were told. */
export interface Observed {
  readonly instances: readonly Instance[];
  readonly calls: readonly unknown[];
}

/** An app of Steward's orchestrations and scripted activities, with the settings of the product. */
export async function prepareOwnApp({ folder }: Stage): Promise<AppToServe> {
  const directory = join(folder, 'steward');
  await makeApp(directory, join(__dirname, 'scripted-app.ts'), ownSettings());
  return { directory, workFolder: `${directory}-work` };
}

/** What the product's `host.json` says about Durable Functions. */
export function ownSettings(): Readonly<Record<string, unknown>> {
  const { extensions } = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as {
    readonly extensions: { readonly durableTask: Readonly<Record<string, unknown>> };
  };
  return extensions.durableTask;
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

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../../host/support/build-host';
import { HttpHub } from '../harness/http-hub';
import { normalised } from '../harness/normalised';
import { idFrom } from '../harness/play';
import { makeApp } from '../harness/scenario-app';
import type { AppToServe, ServedApp } from '../harness/served-app';
import type { Stage } from '../harness/stage';
import type { Outcome } from '../scenarios/scenario';
import { type OwnScenario, ownScenarios } from './scenarios';

/** One of the instances that a scenario brings about. */
export interface Instance extends Outcome {
  readonly id: string;
  readonly name: string;
}

/** What a scenario came to: its instances, the first one started by it, and what activities were told. */
export interface Observed {
  readonly instances: readonly Instance[];
  readonly calls: readonly unknown[];
}

/** An app of Steward's orchestrations and scripted activities, with the settings of the product. */
export async function prepareOwnApp({ folder }: Stage): Promise<AppToServe> {
  const directory = join(folder, 'steward');
  await makeApp(directory, join(__dirname, 'app.ts'), ownSettings());
  return { directory, workFolder: `${directory}-work` };
}

function ownSettings(): Readonly<Record<string, unknown>> {
  const { extensions } = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as {
    readonly extensions: { readonly durableTask: Readonly<Record<string, unknown>> };
  };
  return extensions.durableTask;
}

/** Plays all scenarios at the same time. */
export async function playOwn(app: ServedApp): Promise<ReadonlyMap<string, Observed>> {
  const observed = Object.entries(ownScenarios).map(async ([name, scenario]) => {
    const seen = await observe(scenario, new HttpHub(app, idFrom(name)));
    return [name, normalised(seen) as Observed] as const;
  });
  return new Map(await Promise.all(observed));
}

async function observe(
  { orchestration, input, scenes }: OwnScenario,
  hub: HttpHub,
): Promise<Observed> {
  await hub.ended(await hub.start(orchestration, { input, id: hub.prefix }));
  const instances: Instance[] = [];
  for (const { instanceId, name } of await familyOf(hub)) {
    const outcome = await hub.ended(instanceId);
    instances.push({ ...outcome, id: instanceId, name, history: comparable(name, outcome) });
  }
  const calls: unknown[] = [];
  for (const scene of scenes) calls.push((await hub.request(`calls/${scene}`)).body);
  return { instances, calls };
}

interface Row {
  readonly instanceId: string;
  readonly name: string;
}

async function familyOf(hub: HttpHub): Promise<readonly Row[]> {
  const pages = await hub.pages(`instances?instanceIdPrefix=${hub.prefix}&showInput=false`);
  return (pages.flat() as Row[])
    .filter(
      ({ instanceId }) => instanceId === hub.prefix || instanceId.startsWith(`${hub.prefix}.`),
    )
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
}

/** The clusters of a wave race each other; everything else happens in turn. */
function comparable(name: string, { history }: Outcome): readonly string[] {
  return name === 'onboardFleet' ? history.toSorted() : history;
}

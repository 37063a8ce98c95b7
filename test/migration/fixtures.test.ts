import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { JsonObject } from '../../simulator/json';
import { migrating } from './support/migration';

const folder = join(__dirname, '../data/pod-identity');

function given(name: string): JsonObject {
  const text = readFileSync(join(folder, name), 'utf8');
  return (JSON.parse(text) as { given: JsonObject }).given;
}

it.each(readdirSync(folder).sort())(
  '%s',
  async (name) => {
    const world = given(name);
    await using steward = await migrating(world);
    const clusters = Object.keys(world['kubernetes'] as object);
    const plan = await steward.plan(clusters, world['options'] as object);
    console.log(
      name,
      JSON.stringify(
        plan.clusters.map((c) => [
          c.status,
          c.codes,
          c.steps,
          c.workloads.map((w) => `${w.kind}/${w.name} ${w.status} ${w.codes.join()}`),
        ]),
        null,
        1,
      ),
    );
    const state = await steward.apply();
    console.log(
      name,
      state,
      JSON.stringify(await steward.failures()), JSON.stringify(await steward.states(), null, 1),
      JSON.stringify(await steward.control('GET', 'probes').catch(String)).slice(0, 1500),
    );
  },
  120_000,
);

import { join } from 'node:path';

import { stewardPrincipal } from '../../../../cli/local-runtime';
import { type RunningSimulator, startSimulator } from '../../../../simulator';
import type { AppToServe, ServedApp } from '../harness/served-app';
import { unpackShipped } from '../harness/shipped-app';
import type { Stage } from '../harness/stage';
import { recordsIn } from './own-orchestrations';

/** All of Steward on one of the engines, and the simulated Azure that it looks after. */
export interface ServedSteward {
  readonly app: ServedApp;
  readonly azure: RunningSimulator;
  /** ARM ids of the fleet, in the order of the ids */
  readonly clusters: readonly string[];
}

/** Operations end as soon as somebody asks, so that both engines need as many turns. */
const behaviour = {
  ...{ roleEffectMinutes: 0, directoryMinutes: 0, featureMinutes: 0, providerMinutes: 0 },
  clusterWriteMinutes: { least: 0, most: 0 },
  poolRollMinutes: { base: 0, perBatch: 0 },
};
const fleet = {
  ...{ clusters: 6, subscriptions: 1, clean: 1 / 6, halfMigrated: 1 / 6, deadPodIdentity: 0.5 },
  ...{ livePodIdentity: 0, denied: 1 / 6 },
};
/** One at a time: flags belong to the subscription, and whoever comes second waits for the first. */
const policy = {
  features: { required: ['Microsoft.ContainerService/AKS-PrometheusAddonPreview'] },
  clustersAtOnce: 1,
  roles: { remove: { kubeletExcess: true } },
};

/** What is deployed, in a hurry; its folder. */
export async function buildSteward({ folder }: Stage): Promise<string> {
  const directory = join(folder, 'whole');
  await unpackShipped(directory, join(__dirname, 'hurry.ts'));
  return directory;
}

/** Starts a fleet of its own, the same for everyone, and Steward with it. */
export async function serveSteward(
  directory: string,
  serve: (app: AppToServe) => Promise<ServedApp>,
): Promise<ServedSteward> {
  const scenario = { seed: 3, fleet, behaviour };
  const azure = await startSimulator({ port: 0, control: true, speed: 1, scenario });
  const ids = Object.keys(await worldOf({ azure }));
  const [subscription = ''] = ids.flatMap((id) => /^\/subscriptions\/([^/]+)$/.exec(id)?.[1] ?? []);
  const workFolder = `${directory}-${new URL(azure.url).port}`;
  const settings = {
    TASKHUB_NAME: 'Steward',
    STEWARD_ARM_GATEWAY: azure.url,
    STEWARD_SUBSCRIPTIONS: subscription,
    STEWARD_RECORDS: recordsIn(workFolder),
    STEWARD_POLICY: JSON.stringify(policy),
    IDENTITY_ENDPOINT: `${azure.url}/_identity/token`,
    IDENTITY_HEADER: stewardPrincipal,
  };
  const app = await serve({ directory, workFolder, settings });
  const clusters = ids.filter((id) => /\/managedclusters\/[^/]+$/.test(id)).sort();
  return { app, azure, clusters };
}

/** Every resource by its lower-cased id. */
export async function worldOf({ azure }: Pick<ServedSteward, 'azure'>): Promise<World> {
  return (await (await fetch(`${azure.url}/_simulator/world`)).json()) as World;
}

type World = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Names of the orchestrators that the app registers. */
export async function orchestratorsOf({ app }: ServedSteward): Promise<string[]> {
  const answer = await fetch(`${app.url}/admin/functions?code=master`);
  const functions = (await answer.json()) as readonly FunctionView[];
  return functions
    .filter(({ config }) => config.bindings.some(({ type }) => type === 'orchestrationTrigger'))
    .map(({ name }) => name)
    .sort();
}

interface FunctionView {
  readonly name: string;
  readonly config: { readonly bindings: readonly { readonly type: string }[] };
}

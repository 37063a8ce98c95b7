import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { defineActivity } from '../../../activities/activity';
import type { Clients } from '../../../clients';
import { toClusterId } from '../../../domain/ids';
import { podIdentityFeature } from '../../../domain/policy';
import type { Policy } from '../../../domain/policy';
import type { JsonObject } from '../../../simulator/json';
import { objectAt } from '../../../simulator/json';
import { anOldWireCluster } from '../../activities/support/resources';
import { ownScenarios } from '../../conformance/durable-extension/steward/scenarios';
import type { OwnScenario } from '../../conformance/durable-extension/steward/scenarios';
import { ScriptedFleet } from '../../conformance/durable-extension/steward/scripted-fleet';
import { everything, migrating } from '../../migration/support/migration';
import type { MakeEngine, Migrating } from '../../migration/support/migration';
import { aChange, enabling, orders, withAddOn, withoutAddOn } from '../../pod-identity/on-azure';
import { aPolicy, clusterId, subscriptionId } from '../../support/clusters';
import { anAzureStage } from './azure-stage';
import { idOf } from './recorded';
import type { RecordedExecution } from './recorded';
import { Recorder, realCast } from './recorder';
import type { Cast } from './recorder';
import { SharedClock } from './shared-clock';

/** Plays a part of what Steward does, and gives the histories that it leaves. */
export type Scene = () => Promise<readonly RecordedExecution[]>;

/** On a scripted fleet: the branches that a simulated Azure is hard to bring to. */
function scripted(id: string, { orchestration, input }: OwnScenario): Scene {
  return async () => {
    const fleet = new ScriptedFleet();
    const as: Cast = (name) => ({
      activity: defineActivity([], (given: unknown) =>
        Promise.resolve().then(() => fleet.call(name as keyof typeof fleet.call, given)),
      ),
      clients: {} as Clients,
    });
    const recorder = new Recorder(as);
    await recorder.run(orchestration, id, input);
    return recorder.executions();
  };
}

interface Asked {
  readonly orchestration: string;
  readonly input: object;
}

function onboarding(runId: string, more: object = {}, policy: Policy = aPolicy()): Asked {
  const input = { runId, clusterId, mode: 'apply', requestedBy: 'api', policy, ownFailure: false };
  return { orchestration: 'onboardCluster', input: { ...input, ...more } };
}

/** On a simulated Azure, one after the other. */
function onAzure(world: readonly JsonObject[], asked: readonly Asked[]): Scene {
  return async () => {
    await using stage = await anAzureStage(world);
    for (const [n, { orchestration, input }] of asked.entries()) {
      await stage.recorder.run(orchestration, `fleet_1.run_${n + 1}`, input);
    }
    return await stage.recorder.executions();
  };
}

const data = join(__dirname, '../../data/pod-identity');

function given(name: string): JsonObject {
  return (JSON.parse(readFileSync(join(data, name), 'utf8')) as { given: JsonObject }).given;
}

interface Playing {
  readonly steward: Migrating;
  /** Plans the migration of the world, as its options say. */
  readonly plan: () => Promise<unknown>;
  readonly recorder: () => Recorder;
}

/** A migration on a simulated Azure with clusters that live. */
function migration(
  name: string,
  play: (playing: Playing) => Promise<unknown>,
  heard: (call: string, nth: number, steward: Migrating) => Promise<void> = () => Promise.resolve(),
): Scene {
  return async () => {
    const recorders: Recorder[] = [];
    const stage: { steward?: Migrating } = {};
    const makeEngine: MakeEngine = (clients, clock) => {
      const counts = new Map<string, number>();
      const real = realCast(clients);
      const recorder = new Recorder(
        (called) => ({
          clients,
          activity: defineActivity([], async (input: unknown, context) => {
            const answer = await real(called).activity(input, context);
            const nth = counts.get(called) ?? 0;
            counts.set(called, nth + 1);
            if (stage.steward) await heard(called, nth, stage.steward);
            return answer;
          }),
        }),
        { clock: new SharedClock(clock) },
      );
      recorders.push(recorder);
      return { run: (body, id, input) => recorder.run(body.name, id, input) };
    };
    const world = given(name);
    await using playing = await migrating(world, { makeEngine });
    stage.steward = playing;
    await play({
      steward: playing,
      plan: () =>
        playing.plan(Object.keys(objectAt(world, 'kubernetes')), objectAt(world, 'options')),
      recorder: () => {
        makeEngine(playing.clients, playing.simulator.clock);
        return recorders.at(-1) ?? fail('There is no engine.');
      },
    });
    const all = await Promise.all(recorders.map((recorder) => recorder.executions()));
    return all.flat();
  };
}

function fail(message: string): never {
  throw new Error(message);
}

const shop = { namespace: 'shop', name: 'orders' };
const onTheAddOn = withAddOn({
  userAssignedIdentities: [],
  userAssignedIdentityExceptions: [],
});
const flag = 'Microsoft.ContainerService/AKS-PrometheusAddonPreview';

const onSimulator: Readonly<Record<string, Scene>> = {
  'a cluster on a service principal': onAzure(
    [anOldWireCluster()],
    [
      onboarding('run_1', { mode: 'report' }),
      onboarding('run_2', {}, aPolicy({ features: { required: [flag] } })),
      onboarding('run_3'),
    ],
  ),
  'pod identity, on, used and off again': onAzure(withoutAddOn(), [
    onboarding('run_1', { podIdentity: enabling }),
    onboarding('run_2', {
      podIdentity: aChange('add', {
        identities: [{ ...shop, identityId: orders, demoRole: true }],
      }),
    }),
    onboarding('run_3', {
      podIdentity: aChange('update', { identities: [{ ...shop, selector: 'orders-2' }] }),
    }),
    onboarding('run_4', { podIdentity: aChange('delete', { identities: [shop] }) }),
    onboarding('run_5', { podIdentity: aChange('disable', {}) }),
  ]),
  'an add-on that nothing uses': onAzure(onTheAddOn, [
    onboarding('run_1'),
    {
      orchestration: 'unregisterFeature',
      input: { subscriptionId, feature: podIdentityFeature },
    },
    { orchestration: 'registerFeature', input: { subscriptionId, feature: podIdentityFeature } },
    {
      orchestration: 'evaluateCluster',
      input: { clusterId, policy: aPolicy(), cause: 'event 1', afterRun: '' },
    },
    {
      orchestration: 'sweepFleet',
      input: { subscriptions: [subscriptionId], policy: aPolicy(), cause: 'sweep' },
    },
  ]),
  'a migration from end to end': migration('01-addon-simple.json', async ({ steward, plan }) => {
    await plan();
    await steward.apply();
  }),
  'a finished migration that is taken back': migration(
    '02-default-service-account.json',
    async ({ steward, plan }) => {
      await plan();
      await steward.apply();
      await steward.rollBack();
    },
  ),
  'a migration that is not approved': migration(
    '01-addon-simple.json',
    async ({ steward, plan }) => {
      await plan();
      await steward.apply([]);
    },
  ),
  'a migration that is stopped in a long soak': migration(
    '05-gitops-and-helm.json',
    async ({ steward, plan }) => {
      await plan();
      await steward.apply(everything);
    },
    async (call, nth, steward) => {
      if (call === 'checkSoak' && nth === 60) await steward.stop();
    },
  ),
  'a proof of a pod identity': migration('01-addon-simple.json', async ({ recorder }) => {
    const [armId = ''] = Object.keys(objectAt(given('01-addon-simple.json'), 'kubernetes'));
    const input = { clusterId: toClusterId(armId), namespace: 'shop', name: 'orders-id' };
    await recorder().run('provePodIdentity', 'proof_01m8hf4a0fg1', input);
  }),
};

/** What is recorded, by what it is about. */
export const scenes: Readonly<Record<string, Scene>> = {
  ...Object.fromEntries(
    Object.entries(ownScenarios).map(([name, scenario]) => [name, scripted(idOf(name), scenario)]),
  ),
  ...onSimulator,
};

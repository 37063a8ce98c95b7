import { armGuid } from '../../../../domain/arm/guid';
import { type ClusterId, toClusterId } from '../../../../domain/ids';
import { armIdOf, subscriptionId as anySubscription } from '../../../support/clusters';
import type { Scripted } from '../../../support/run-orchestration';
import { scriptedAzure } from '../../../support/scripted-azure';
import { aWork, scriptedMigration } from '../../../support/scripted-migration';
import { type Scene, type SceneName, scenes } from './scenes';

export interface ActivityCall {
  readonly activity: string;
  readonly input: unknown;
}

/** A subscription, with the one cluster of its scene. */
interface Subscription {
  readonly scene: SceneName;
  readonly activities: Scripted;
  /** What has been called here, as it arrived */
  readonly calls: ActivityCall[];
}

/** Every activity, on scripted clusters; each call finds its cluster by the subscription it names. */
export class ScriptedFleet {
  readonly #subscriptions: ReadonlyMap<string, Subscription>;

  constructor() {
    const names = Object.keys(scenes) as SceneName[];
    this.#subscriptions = new Map(names.map((name) => [subscriptionOf(name), open(name)]));
  }

  call(activity: keyof Scripted, input: unknown): unknown {
    const { scene, activities, calls } = this.#find(JSON.stringify(input));
    const nth = calls.filter((call) => call.activity === activity).length;
    calls.push({ activity, input });
    const run = activities[activity] as (input: unknown, nth: number) => unknown;
    return located(run(input, nth), scene);
  }

  callsOf(scene: SceneName): readonly ActivityCall[] {
    return this.#find(subscriptionOf(scene)).calls;
  }

  #find(text: string): Subscription {
    for (const [id, found] of this.#subscriptions) if (text.includes(id)) return found;
    throw new Error(`No scene has its subscription in ${text}.`);
  }
}

export const activityNames = Object.keys({
  ...scriptedAzure(scenes.inOrder.cluster).activities,
  ...scriptedMigration(aWork()),
}) as (keyof Scripted)[];

export function subscriptionOf(scene: SceneName): string {
  return armGuid('scene', scene);
}

export function clusterOf(scene: SceneName): ClusterId {
  const id = toClusterId(armIdIn(scene));
  if (!id) throw new Error(`No cluster can be in the scene ${scene}.`);
  return id;
}

function armIdIn(scene: SceneName): string {
  return armIdOf(scene).replace(anySubscription, subscriptionOf(scene));
}

function open(name: SceneName): Subscription {
  const { cluster, script }: Scene = scenes[name];
  const own = { ...cluster, id: clusterOf(name), armId: armIdIn(name), name };
  const { activities } = scriptedAzure(own);
  return { scene: name, activities: { ...activities, ...script?.(activities) }, calls: [] };
}

/** An operation that has begun belongs to the cluster of its scene. */
function located(result: unknown, scene: SceneName): unknown {
  if ((result as { readonly status?: unknown }).status !== 'running') return result;
  return { ...(result as object), target: armIdIn(scene), subscriptionId: subscriptionOf(scene) };
}

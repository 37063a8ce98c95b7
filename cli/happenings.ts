import type { Api, ClusterView, RunView } from './api';
import type { ArmCluster, Azure } from './azure';
import { isOver } from './fleet-table';
import type { Runtime } from './local-runtime';

/**
 * What happens around the runs of a demonstration: every cluster gets an event subscription, somebody
 * rolls a node pool by hand, and the schedule sweeps the fleet. Both leave their trace in the cluster
 * records, and that is where they are looked for.
 */
export class Happenings {
  readonly #api: Api;
  readonly #azure: Azure;
  readonly #say: (line: string) => void;
  #outsider: ArmCluster | undefined;
  #rolled = false;
  #eventSeen = false;
  #patience = 30;
  #sweepSeen = false;

  constructor(api: Api, azure: Azure, say: (line: string) => void) {
    this.#api = api;
    this.#azure = azure;
    this.#say = say;
  }

  /** Subscribes Steward to the events of every cluster, as a deployment does. Repeatable. */
  async subscribe(clusters: readonly ArmCluster[], runtime: Runtime): Promise<void> {
    const properties = {
      destination: { endpointType: 'WebHook', properties: { endpointUrl: runtime.eventsUrl } },
      eventDeliverySchema: 'EventGridSchema',
      filter: {
        includedEventTypes: ['Started', 'Succeeded', 'Failed'].map(
          (end) => `Microsoft.ContainerService.NodePoolRolling${end}`,
        ),
      },
    };
    for (const { id } of clusters) {
      const path = `${id}/providers/Microsoft.EventGrid/eventSubscriptions/steward?api-version=2025-02-15`;
      if (await this.#azure.exists(path)) continue;
      await this.#azure.request('PUT', path, { properties });
    }
    this.#rolled = await this.#azure.hasRolled();
    this.#outsider =
      clusters.find(({ identity }) => identity?.type === 'UserAssigned') ?? clusters[0];
  }

  /** Looks once, and some more times after the last run has ended. @returns whether something is still expected to happen. */
  async look(runs: readonly RunView[]): Promise<boolean> {
    await this.#rollFromOutside(runs);
    if (this.#eventSeen && this.#sweepSeen) return false;
    const clusters = await this.#api.clusters();
    if (this.#rolled && !this.#eventSeen) this.#seeEvent(clusters);
    if (!this.#sweepSeen) this.#seeSweep(clusters);
    if (runs.every(({ state }) => isOver(state))) this.#patience -= 1;
    return (!this.#eventSeen || !this.#sweepSeen) && this.#patience > 0;
  }

  /** As soon as Steward is done with a cluster, somebody else rolls one of its pools. */
  async #rollFromOutside(runs: readonly RunView[]): Promise<void> {
    const cluster = this.#outsider;
    const pool = cluster?.properties.agentPoolProfiles?.[0]?.name;
    if (this.#rolled || !cluster || pool === undefined) return;
    const run = runs.find(
      ({ cluster: { armId } }) => armId.toLowerCase() === cluster.id.toLowerCase(),
    );
    if (!run || !isOver(run.state)) return;
    const path = `${cluster.id}/agentPools/${pool}/upgradeNodeImageVersion?api-version=2026-06-01`;
    await this.#azure.request('POST', path);
    this.#rolled = true;
    this.#say(`somebody else rolls pool ${pool} of ${cluster.name}`);
  }

  #seeEvent(clusters: readonly ClusterView[]): void {
    const found = clusters.find(
      ({ armId, cause }) =>
        armId.toLowerCase() === this.#outsider?.id.toLowerCase() && cause.startsWith('event '),
    );
    if (!found) return;
    this.#eventSeen = true;
    const findings = found.findings.length;
    this.#say(`event about ${found.name} handled: evaluated again, ${findings} findings`);
  }

  #seeSweep(clusters: readonly ClusterView[]): void {
    const swept = clusters.filter(({ cause }) => cause.startsWith('schedule'));
    if (swept.length === 0) return;
    this.#sweepSeen = true;
    const findings = swept.reduce((sum, { findings: all }) => sum + all.length, 0);
    this.#say(`scheduled sweep handled: ${clusters.length} clusters in view, ${findings} findings`);
  }
}

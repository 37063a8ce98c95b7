import type { Api, ClusterView, RunView } from './api';
import type { ArmCluster, Azure } from './azure';
import { isOver } from './fleet-table';
import type { Runtime } from './local-runtime';

const aksVersion = '?api-version=2026-06-01';

/**
 * What happens around the runs of a demonstration: every cluster gets an event subscription, somebody
 * rolls a node pool by hand, and the schedule sweeps the fleet. Both leave their trace in the cluster
 * records, and that is where they are looked for.
 */
export class Happenings {
  readonly #api: Api;
  readonly #azure: Azure;
  readonly #say: (line: string) => void;
  #clusters: readonly ArmCluster[] = [];
  #outsider: ArmCluster | undefined;
  /** Run of the cluster that somebody else will touch. */
  #picked: string | undefined;
  #rolled = false;
  #eventSeen = false;
  #patience = 60;
  #sweepSeen = false;

  constructor(api: Api, azure: Azure, say: (line: string) => void) {
    this.#api = api;
    this.#azure = azure;
    this.#say = say;
  }

  /**
   * Subscribes Steward to the events of every cluster, as a deployment does. Repeatable; leads events
   * here when Steward answered elsewhere before.
   */
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
      if (leadsTo(runtime.eventsUrl, await this.#azure.find(path))) continue;
      await this.#azure.request('PUT', path, { properties }).catch((error: unknown) => {
        this.#say(`no events of ${id.slice(id.lastIndexOf('/') + 1)}: ${reasonOf(error)}`);
      });
    }
    // An earlier start has shown it already.
    this.#rolled = this.#eventSeen = await this.#azure.hasRolled();
    this.#clusters = clusters;
  }

  /** Looks once, and some more times after the last run has ended. @returns whether something is still expected to happen. */
  async look(runs: readonly RunView[]): Promise<boolean> {
    await this.#rollFromOutside(runs);
    if (!this.#eventSeen || !this.#sweepSeen) {
      const clusters = await this.#api.clusters();
      if (this.#rolled && !this.#eventSeen) this.#seeEvent(clusters);
      if (!this.#sweepSeen) this.#seeSweep(clusters);
    }
    if (!runs.every(({ state }) => isOver(state))) return true;
    this.#patience -= 1;
    const open = !this.#eventSeen || !this.#sweepSeen || (await this.#isRolling());
    return open && this.#patience > 0;
  }

  /** Once Steward is done with the cluster that was picked, somebody else rolls one of its pools. */
  async #rollFromOutside(runs: readonly RunView[]): Promise<void> {
    this.#picked ??= await this.#pick(runs);
    const run = runs.find(({ id }) => id === this.#picked);
    if (this.#rolled || !run || !isOver(run.state)) return;
    this.#outsider = this.#clusterOf(run);
    const path = this.#poolPath();
    if (path === undefined) return;
    await this.#azure.request('POST', `${path}/upgradeNodeImageVersion${aksVersion}`);
    this.#rolled = true;
    this.#say(`somebody else rolls a node pool of ${run.cluster.name}`);
  }

  /** The first cluster whose pools Steward does not roll itself; the first of all if it rolls all. */
  async #pick(runs: readonly RunView[]): Promise<string | undefined> {
    const byName = [...runs].sort((a, b) => (a.cluster.armId < b.cluster.armId ? -1 : 1));
    const candidates = byName.slice(0, 50);
    if (!candidates.every(({ plan, state }) => plan !== null || isOver(state))) return undefined;
    for (const { id, plan } of candidates) {
      const steps = plan === null ? [] : await this.#api.planSteps(plan.id);
      if (plan !== null && !steps.includes('rollNodeImages')) return id;
    }
    return candidates[0]?.id;
  }

  /** The roll is over when the pool has settled: a fleet that is shown as in order is at rest. */
  async #isRolling(): Promise<boolean> {
    const path = this.#poolPath();
    if (!this.#rolled || path === undefined) return false;
    const pool = (await this.#azure.request('GET', path + aksVersion)) as {
      properties: { provisioningState?: string };
    };
    return pool.properties.provisioningState !== 'Succeeded';
  }

  #poolPath(): string | undefined {
    const pool = this.#outsider?.properties.agentPoolProfiles?.[0]?.name;
    return this.#outsider && pool && `${this.#outsider.id}/agentPools/${pool}`;
  }

  #clusterOf({ cluster: { armId } }: RunView): ArmCluster | undefined {
    return this.#clusters.find(({ id }) => id.toLowerCase() === armId.toLowerCase());
  }

  #seeEvent(clusters: readonly ClusterView[]): void {
    const found = clusters.find(
      ({ armId, cause }) =>
        (this.#outsider === undefined || armId.toLowerCase() === this.#outsider.id.toLowerCase()) &&
        cause.startsWith('event '),
    );
    if (!found) return;
    this.#eventSeen = true;
    const findings = found.findings.length;
    this.#say(`event about ${found.name} handled: evaluated again, ${findings} findings`);
  }

  #seeSweep(clusters: readonly ClusterView[]): void {
    const swept = clusters.filter(({ cause }) => cause.startsWith('schedule'));
    // A sweep that is at work has not seen all of them yet.
    if (swept.length === 0 || clusters.length < this.#clusters.length) return;
    this.#sweepSeen = true;
    const findings = swept.reduce((sum, { findings: all }) => sum + all.length, 0);
    this.#say(`scheduled sweep handled: ${clusters.length} clusters in view, ${findings} findings`);
  }
}

/** Whether the event subscription, if there is one, has this endpoint: what it shows of it has no query. */
function leadsTo(endpointUrl: string, subscription: unknown): boolean {
  const { properties } = (subscription ?? {}) as EventSubscription;
  const base = properties?.destination?.properties?.endpointBaseUrl;
  return base !== undefined && base === endpointUrl.split('?')[0];
}

/** The code of ARM's answer: such as `ScopeLocked`, where the cluster was locked meanwhile. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /"code":"(\w+)"/.exec(text)?.[1] ?? text;
}

interface EventSubscription {
  readonly properties?: {
    readonly destination?: { readonly properties?: { readonly endpointBaseUrl?: string } };
  };
}

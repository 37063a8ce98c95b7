import type { AddressInfo } from 'node:net';

import { ArmEndpoint } from './arm-endpoint';
import { CallLog } from './call-log';
import { machineNow, SimulatedClock } from './clock';
import type { Clock, ClockLease } from './clock';
import { withScaleSets } from './control/scale-set-document';
import { controlSurface } from './control/surface';
import { createWorld } from './create-world';
import type { ManagedWorld } from './create-world';
import { GraphEndpoint, isForGraph } from './directory/graph-endpoint';
import { entraAnswer } from './entra/entra';
import type { SigningKey } from './entra/signing-key';
import type { EventGrid } from './event-grid/event-grid';
import { Faults } from './faults/faults';
import { createHttpServer } from './http-server';
import { loadClusters } from './kubernetes/objects/cluster-content';
import { KubernetesEndpoints } from './kubernetes/endpoints';
import { ClusterLife } from './kubernetes/life/cluster-life';
import { Journal } from './journal';
import type { JsonObject } from './json';
import { providers } from './providers/all';
import { eventGridService } from './providers/event-grid/service';
import { isManualValidation, validateByHand } from './providers/event-grid/manual-validation';
import { isForTopic, publishToTopic } from './providers/event-grid/topic-endpoint';
import type { EventGridService } from './providers/event-grid/service';
import { armError } from './provider';
import { Router } from './router';
import { parseScenario } from './scenario';
import type { Resource } from './resource-store';
import type { ParsedScenario, Scenario } from './scenario';
import { makeFleet } from './scenarios/fleet';
import type { RawAnswer, RawRequest } from './wire';

export type { Clock, Scenario, SimulatedClock };

export interface SimulatorOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly hostname?: string;
  /** Keeps the world between starts; absent: everything is in memory only. */
  readonly dataDirectory?: string;
  /** What an empty world is filled with. A data folder that holds a world keeps it. */
  readonly scenario?: Scenario;
  /** Whether `/_simulator/` is served. */
  readonly control: boolean;
  /** Simulated milliseconds in one real millisecond. */
  readonly speed: number;
  /** Where events for a function are delivered, by the function's ARM id: its URL with the key. */
  readonly functionUrl?: (resourceId: string) => string | undefined;
  readonly log?: (message: string) => void;
}

export interface RunningSimulator {
  readonly url: string;
  /** The one clock of this world; whatever is started with it shares its time. */
  readonly clock: SimulatedClock;
  close(): Promise<void>;
}

/**
 * Starts a simulated Azure. It answers as soon as this resolves.
 *
 * @throws Error for an invalid scenario, a port in use, or a data folder that another process holds.
 */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { arm, graph, world, key, eventGrid, journal, ...parts } = openAzure(options);
  const grid = eventGrid.start(world);
  await journal.committed();
  const control = options.control ? controlSurface({ world, key, grid, ...parts }) : notServed;
  const settled = (): Promise<void> => journal.committed();
  const failed = teller(options);
  const clusters = new KubernetesEndpoints({ world, calls: parts.calls, settled, failed });
  const server = createHttpServer({
    handle: (request) => {
      if (request.url.startsWith('/_simulator/')) return control(request);
      const service = serviceAnswer(request, { world, key, grid, graph });
      return service ?? clusters.reachable(request, arm.handle(request));
    },
    settled,
    failed,
  });
  const close = async (): Promise<void> => {
    await clusters.close();
    await eventGrid.close();
    world.clock.close();
    journal.close();
  };
  try {
    await listen(server, options);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: urlOf(server),
    clock: world.clock,
    close: async () => {
      await closed(server);
      await close();
    },
  };
}

/** Services beside Resource Manager; undefined for what is none of theirs. */
function serviceAnswer(
  request: RawRequest,
  parts: Pick<OpenAzure, 'world' | 'key' | 'graph'> & { readonly grid: EventGrid },
): RawAnswer | undefined {
  if (isForGraph(request)) return parts.graph.handle(request);
  if (isManualValidation(request)) return validateByHand(request, parts.world);
  if (isForTopic(request)) return publishToTopic(request, parts);
  return entraAnswer(request, parts);
}

interface OpenAzure {
  readonly journal: Journal;
  readonly world: ManagedWorld;
  readonly key: SigningKey;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly eventGrid: EventGridService;
  readonly arm: ArmEndpoint;
  readonly graph: GraphEndpoint;
}

/** Everything but the server. The world is that of the data folder as it was left, or made from the scenario. */
function openAzure(options: SimulatorOptions): OpenAzure {
  const scenario = parseScenario(options.scenario ?? {});
  const journal = new Journal(options.dataDirectory);
  const clock = new SimulatedClock({
    start: scenario.now === undefined ? machineNow() : Date.parse(scenario.now),
    speed: options.speed,
    mode: scenario.clock,
    lease: leaseIn(journal),
  });
  const functionUrl = options.functionUrl ?? (() => undefined);
  const eventGrid = eventGridService({ journal, clock, functionUrl, failed: teller(options) });
  const all = [...providers, eventGrid.provider];
  const faults = new Faults(journal, clock);
  const life = new ClusterLife();
  const world = createWorld({
    ...{ journal, clock, providers: all, emit: eventGrid.emit, life },
    outageEnd: (location) => faults.outageEnd(location),
  });
  if (!world.restore()) fill(world, faults, scenario);
  const calls = new CallLog(journal);
  const router = new Router(all, 'Microsoft.Resources');
  const { key } = world;
  const arm = new ArmEndpoint({ world, key, router, faults, calls });
  const graph = new GraphEndpoint({ world, key, faults, calls });
  return { journal, world, key, faults, calls, eventGrid, arm, graph };
}

function teller({ log }: SimulatorOptions): (error: unknown) => void {
  return (error) => log?.(error instanceof Error ? (error.stack ?? '') : String(error));
}

function urlOf(server: ReturnType<typeof createHttpServer>): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function fill(world: ManagedWorld, faults: Faults, scenario: ParsedScenario): void {
  const { seed, tenantId, behaviour, fleet } = scenario;
  const made = fleet ? [...makeFleet({ shape: fleet, seed, tenantId })] : [];
  const since = scenario.now === undefined ? undefined : Date.parse(scenario.now);
  const inside = JSON.parse(JSON.stringify(scenario.kubernetes)) as JsonObject;
  const named = withScaleSets(scenario.resources, inside) as readonly Resource[];
  world.replace({ seed, tenantId, behaviour, since, resources: [...made, ...named] });
  loadClusters(scenario.kubernetes, world);
  faults.replace(scenario.faults);
  for (const { atMinutes, behaviour } of scenario.schedule) {
    const changes = JSON.parse(JSON.stringify(behaviour)) as JsonObject;
    world.later(world.clock.now() + atMinutes * 60_000, 'behave', { changes });
  }
}

/** The lease of the clock stands beside the world it belongs to. */
function leaseIn(journal: Journal): ClockLease {
  const saved = new Map(journal.load('meta')).get('clock');
  const until = saved?.['until'];
  return {
    until: typeof until === 'number' ? until : undefined,
    extend: (time) => {
      journal.putNow('meta', 'clock', { until: time });
    },
  };
}

function notServed(request: RawRequest): RawAnswer {
  return armError(404, 'NotFound', `${request.url} is served only by a simulator with control.`);
}

function listen(
  server: ReturnType<typeof createHttpServer>,
  { port, hostname = '127.0.0.1' }: SimulatorOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is in use. Choose another one.`)
          : error,
      );
    });
    server.listen(port, hostname, resolve);
  });
}

function closed(server: ReturnType<typeof createHttpServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
